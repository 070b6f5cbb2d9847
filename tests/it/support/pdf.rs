//! What somebody reads on paper that the program made.
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The words of a PDF, as poppler reads them.
pub fn read(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("poppler-utils is installed (scripts/setup.sh paper)");
    let (mut input, bytes) = (child.stdin.take().expect("it was piped"), pdf.to_vec());
    let writing = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("it ends");
    writing.join().expect("it was written").expect("it was read");
    String::from_utf8(output.stdout).expect("it writes UTF-8").replace('\u{a0}', " ")
}

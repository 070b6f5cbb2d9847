//! Letters read back with poppler's tools (package poppler-utils), as a receiver would read them.
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;

fn printed(content: &Content) -> String {
    let bytes = render(content).expect("it prints");
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("poppler-utils is installed (scripts/setup.sh paper)");
    let mut input = child.stdin.take().expect("it was piped");
    let writing = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("it ends");
    let _ = writing.join();
    String::from_utf8(output.stdout).expect("it writes UTF-8").replace('\u{a0}', " ")
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn content(lang: Lang, layout: Layout) -> Content {
    Content {
        layout,
        lang,
        letterhead: Letterhead {
            org_name: "Harbour Women's Shelter".into(),
            lines: lines(&["1 Quay Street", "+962 6 555 0100"]),
            logo: None,
        },
        date: "26 November 2026".into(),
        reference: "R-7KQ4-M".into(),
        recipient: lines(&["Clinic", "Dr Chen"]),
        subject: "Physiotherapy after an accident".into(),
        paragraphs: lines(&["Please see this person soon."]),
        sections: vec![
            Section { title: "Identity".into(), rows: vec![("Name".into(), "Fatima Hussein".into())], withheld: false },
            Section { title: "Family matters".into(), rows: vec![("Children".into(), "five secrets".into())], withheld: true },
        ],
        sender: lines(&["Amina Saleh", "+962 79 555 0101"]),
        answer: Some(Answer {
            url: "https://care.example/r/Zm9vYmFyYmF6cXV4".into(),
            address: "https://care.example/r".into(),
            short_code: "K7MQ-2PXW-4".into(),
            expires: "26 December 2026".into(),
        }),
        form: Some(Form {
            priority: Priority::Urgent,
            answer_by: "29 November 2026".into(),
            referring: Agency { name: "Harbour Women's Shelter".into(), lines: lines(&["Amina Saleh"]) },
            receiving: Agency { name: "Clinic".into(), lines: lines(&["Dr Chen"]) },
            person: vec![("Name".into(), "Fatima Hussein".into())],
            child: Some(Child {
                caregiver: Some("Mariam Hussein".into()),
                relationship: Some("aunt".into()),
                contact: Some("+962 79 555 0177 · before noon".into()),
                accompaniment: Accompaniment::Separated,
                informed: Informed::No { reason: "she can't be reached".into() },
            }),
            reason: lines(&["A broken arm."]),
            provided: lines(&["First aid"]),
            services: vec![Tick { ticked: true, text: "Physiotherapy".into() }, Tick { ticked: false, text: "Shelter".into() }],
            consent: vec![Consent {
                recipient: "Clinic".into(),
                shared: lines(&["Identity"]),
                withheld: lines(&["Family matters"]),
                until: "1 June 2027".into(),
            }],
            restrictions: lines(&["Never call at home."]),
            follow_up: FollowUp { channel: "telephone".into(), date: "3 December 2026".into() },
        }),
        card: Some(Card {
            date: "Thursday 3 December".into(),
            time: "10:30".into(),
            place: lines(&["2 Mill Lane"]),
            phone: "+962 6 555 0199".into(),
            say: "jasmine".into(),
        }),
        ..Content::default()
    }
}

#[test]
fn where_no_link_can_work_the_paper_asks_for_a_call() {
    for layout in [Layout::Letter, Layout::InterAgencyForm] {
        let rung = Content { answer: None, by_telephone: Some("Harbour\n555 0100".into()), ..content(Lang::En, layout) };
        let text = printed(&rung);
        assert!(text.contains("answer by telephone or post") && text.contains("555 0100"), "{text}");
        assert!(!text.contains("Scan the square") && !text.contains("PIN"), "{text}");
    }
}

#[test]
fn a_letter_says_all_that_consent_allows_and_names_what_it_withholds() {
    let text = printed(&content(Lang::En, Layout::Letter));
    for part in [
        "Harbour Women's Shelter",
        "Dr Chen",
        "26 November 2026",
        "R-7KQ4-M",
        "Physiotherapy after an accident",
        "Fatima Hussein",
        "Family matters",
        "Withheld",
        "Amina Saleh",
        "K7MQ-2PXW-4",
        "https://care.example/r",
        "26 December 2026",
        "Page 1 of",
        "Confidential",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains("five secrets"), "{text}");
}

#[test]
fn the_form_holds_every_block_of_the_domain() {
    let text = printed(&content(Lang::En, Layout::InterAgencyForm));
    for part in [
        "Inter-agency referral form",
        "Urgent (72 hours)",
        "29 November 2026",
        "Referring agency",
        "Receiving agency",
        "Fatima Hussein",
        "Separated child",
        "Mariam Hussein",
        "aunt",
        "+962 79 555 0177 · before noon",
        "No: she can't be reached",
        "A broken arm.",
        "First aid",
        "Shelter",
        "Family matters",
        "1 June 2027",
        "Never call at home.",
        "3 December 2026",
        "Handed over by",
        "Received by",
        "Signature",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn s03_of_a_caregiver_who_is_not_safe_to_involve_no_line_is_printed() {
    let mut unsafe_to_involve = content(Lang::En, Layout::InterAgencyForm);
    if let Some(child) = unsafe_to_involve.form.as_mut().and_then(|form| form.child.as_mut()) {
        child.caregiver = None;
    }
    let text = printed(&unsafe_to_involve);
    assert!(text.contains("Separated child"), "{text}");
    for part in ["Primary caregiver", "Relationship to the child", "aunt", "555 0177"] {
        assert!(!text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn s17_protected_paper_says_code_service_and_switchboard_alone() {
    for layout in [Layout::Letter, Layout::InterAgencyForm] {
        // What the template says of a protected case: code and service, and as the only number the switchboard's.
        let guarded = Content {
            discretion: Discretion::CodeOnly,
            subject: "Referral R-7KQ4-M".into(),
            paragraphs: lines(&["We ask for this service: Physiotherapy."]),
            sender: lines(&["+962 6 555 0199"]),
            ..content(Lang::En, layout)
        };
        let text = printed(&guarded);
        for part in ["R-7KQ4-M", "Physiotherapy", "+962 6 555 0199", "K7MQ-2PXW-4"] {
            assert!(text.contains(part), "{layout:?} lacks {part}:\n{text}");
        }
        for part in [
            "Quay",
            "Fatima",
            "accident",
            "Identity",
            "Family",
            "secrets",
            "Amina",
            "555 0101",
            "broken",
            "First aid",
            "aunt",
            "Never call",
        ] {
            assert!(!text.contains(part), "{layout:?} tells {part}:\n{text}");
        }
    }
}

#[test]
fn s17_restricted_types_get_a_plain_card_or_nothing() {
    for layout in [Layout::Letter, Layout::InterAgencyForm] {
        let refused = render(&Content { discretion: Discretion::CardOnly, ..content(Lang::En, layout) });
        assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.get("layout") == Some("card-only")));
    }
    let text = printed(&Content { discretion: Discretion::CardOnly, ..content(Lang::En, Layout::AppointmentCard) });
    for part in ["Appointment", "Thursday 3 December", "10:30", "2 Mill Lane", "+962 6 555 0199", "jasmine"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    for part in ["Women", "Shelter", "Fatima", "R-7KQ4-M", "Physiotherapy", "Clinic", "K7MQ", "Confidential"] {
        assert!(!text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn every_layout_prints_in_every_language_with_all_its_words() {
    for lang in Lang::ALL {
        for layout in [Layout::Letter, Layout::InterAgencyForm, Layout::AppointmentCard] {
            let text = printed(&content(lang, layout));
            assert!(!text.contains("paper-") && !text.contains("%n"), "{lang} {layout:?}:\n{text}");
        }
    }
}

#[test]
fn s19_no_fixed_word_of_a_letter_says_survivor() {
    for lang in Lang::ALL {
        let path = format!("locales/{lang}/paper.ftl");
        let texts = std::fs::read_to_string(path).expect("the texts exist").to_lowercase();
        for word in ["survivor", "surviv", "sobreviv", "ناج"] {
            assert!(!texts.contains(word), "{lang}: {word}");
        }
    }
}

#[test]
fn the_preview_is_the_very_file() {
    let content = content(Lang::Ar, Layout::Letter);
    assert_eq!(render(&content).expect("it prints"), render(&content).expect("it prints"));
}

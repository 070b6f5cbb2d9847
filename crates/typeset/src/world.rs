//! All that the layout engine can see: our template, our fonts and the document's texts. It has no files, no packages and no clock.
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use crate::Error;
use crate::fonts::FONTS;

const TEMPLATE: &str = include_str!("template.typ");

/// The world of one document.
pub(crate) struct Printer {
    library: LazyHash<Library>,
    main: Source,
}

impl Printer {
    pub(crate) fn new(inputs: Dict) -> Result<Self, Error> {
        if FONTS.list.is_empty() {
            return Err(Error::NoFonts);
        }
        let path = VirtualPath::new("/letter.typ").map_err(|error| Error::Layout(error.to_string()))?;
        let main = RootedPath::new(VirtualRoot::Project, path).intern();
        // The extras are the row headers of tables, which the standard for tagged documents asks for.
        let features = [Feature::A11yExtras].into_iter().collect();
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).with_features(features).build()),
            main: Source::new(main, TEMPLATE.to_owned()),
        })
    }
}

impl World for Printer {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.list.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

//! What a browser calls. A request is written to the place that `request_room` gives; `call` carries it out and gives the length of the
//! reply, which lies where `reply_place` says until the next call.
#![expect(unsafe_code, reason = "a name is exported only with an attribute that counts as unsafe; nothing here is else")]
use std::cell::RefCell;

use crate::Desk;

#[derive(Default)]
struct Counter {
    desk: Desk,
    request: Vec<u8>,
    reply: String,
}

thread_local! {
    static COUNTER: RefCell<Counter> = RefCell::default();
}

/// Room for a request of so many bytes of UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn request_room(bytes: usize) -> *mut u8 {
    COUNTER.with_borrow_mut(|counter| {
        counter.request = vec![0; bytes];
        counter.request.as_mut_ptr()
    })
}

/// Carries out the request and tells how many bytes the reply has.
#[unsafe(no_mangle)]
pub extern "C" fn call() -> usize {
    COUNTER.with_borrow_mut(|counter| {
        let request = std::mem::take(&mut counter.request);
        counter.reply = counter.desk.call(&request);
        counter.reply.len()
    })
}

/// Where the reply lies.
#[unsafe(no_mangle)]
pub extern "C" fn reply_place() -> *const u8 {
    COUNTER.with_borrow(|counter| counter.reply.as_ptr())
}

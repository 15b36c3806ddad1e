//! How much memory a piece of code holds.

#![allow(unsafe_code, reason = "a global allocator that counts can't be had without")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// Counts what this thread holds; other tests run on other threads.
struct Counting;

thread_local! {
    // What another thread has made may be let go here, so that this one holds less than nothing.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(grown: usize, shrunk: usize) {
    // A thread that is ending has no counters any more.
    let _ = HELD.try_with(|held| {
        let moved = grown.cast_signed().wrapping_sub(shrunk.cast_signed());
        held.set(held.get().wrapping_add(moved));
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

// SAFETY: every call goes to the system's allocator unchanged; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it moves, both are held.
        count(size, 0);
        count(0, layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes held at once, beyond what was held before, while this runs. What was held before and is
/// let go inside makes room.
pub(crate) fn peak_of(run: impl FnOnce()) -> usize {
    let before = HELD.with(Cell::get);
    PEAK.with(|peak| peak.set(before));
    run();
    PEAK.with(Cell::get).wrapping_sub(before).cast_unsigned()
}

#[test]
fn what_is_held_is_counted_also_when_it_is_let_go_again() {
    let peak = peak_of(|| drop((vec![0u8; 1 << 20], Vec::<u8>::with_capacity(1 << 10))));
    assert!(((1 << 20) + (1 << 10)..(1 << 20) + (1 << 12)).contains(&peak), "{peak}");
}

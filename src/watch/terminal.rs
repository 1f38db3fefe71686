//! The terminal while the table fills it.
//!
//! In: a screen to draw. Out: what happens at the keyboard. Invariant: however it ends, by leaving, by an error or by a panic,
//! the terminal is left as it was found.

use std::io;
use std::time::Duration;

use ratatui::crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::{DefaultTerminal, try_init, try_restore};

use super::Screen;

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are what is written on the keys")]
pub enum Key {
    Char(char),
    Enter,
    Escape,
    Backspace,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    /// Ctrl-C.
    Interrupt,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// The window has another size, or something else that calls for drawing anew.
    Redraw,
}

/// The terminal, taken over for as long as it is kept.
pub struct Terminal(DefaultTerminal);

impl Terminal {
    /// Takes it over. Also a panic gives it back, before it is told.
    ///
    /// # Errors
    /// Where standard output is no terminal.
    pub fn enter() -> io::Result<Self> {
        try_init().map(Self).inspect_err(|_| drop(try_restore()))
    }

    /// Draws what is on a screen.
    ///
    /// # Errors
    /// Those of the terminal.
    pub fn draw(&mut self, screen: &mut Screen) -> io::Result<()> {
        self.0.draw(|frame| screen.draw(frame.area(), frame.buffer_mut())).map(drop)
    }

    /// The next thing that happens within a time.
    ///
    /// # Errors
    /// Those of the terminal.
    pub fn event(&mut self, within: Duration) -> io::Result<Option<Event>> {
        if !event::poll(within)? {
            return Ok(None);
        }
        Ok(match event::read()? {
            event::Event::Key(pressed) if pressed.kind != KeyEventKind::Release => key(pressed).map(Event::Key),
            event::Event::Key(_) => None,
            _ => Some(Event::Redraw),
        })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A panic gave it back before: twice, its message would be written over.
        if !std::thread::panicking() {
            // There is nobody left to tell.
            let _ = try_restore();
        }
    }
}

fn key(pressed: KeyEvent) -> Option<Key> {
    Some(match pressed.code {
        KeyCode::Char('c') if pressed.modifiers.contains(KeyModifiers::CONTROL) => Key::Interrupt,
        KeyCode::Char(character) => Key::Char(character),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        _ => return None,
    })
}

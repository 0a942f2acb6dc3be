//! What commands print. Where the reader has gone (`pass client list | head -1`), a command ends as every program does.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// What a shell reports of a program that ended by SIGPIPE.
const READER_GONE: i32 = 128 + 13;

/// Prints a line of a command's output.
macro_rules! say {
    ($($words:tt)*) => { $crate::cli::out::line(format_args!($($words)*)) };
}
pub(crate) use say;

/// Prints a line, or ends the command: `println!` would panic.
pub(crate) fn line(words: Arguments<'_>) {
    if let Err(error) = write_line(&mut io::stdout(), words) {
        std::process::exit(code_of(&error));
    }
}

/// Prints a line for a program that goes on serving whoever reads it.
#[cfg(feature = "demo")]
pub(crate) fn line_if_read(words: Arguments<'_>) {
    // Nobody reads: there is nobody to tell.
    let _ = write_line(&mut io::stdout(), words);
}

fn write_line(out: &mut impl Write, words: Arguments<'_>) -> io::Result<()> {
    writeln!(out, "{words}").and_then(|()| out.flush())
}

#[expect(clippy::print_stderr, reason = "the output itself cannot be written")]
fn code_of(error: &io::Error) -> i32 {
    if error.kind() == ErrorKind::BrokenPipe {
        return READER_GONE;
    }
    eprintln!("pass: write the output: {error}");
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_went_away_is_an_error_and_no_panic() {
        let (reader, mut writer) = io::pipe().unwrap();
        drop(reader);
        let error = write_line(&mut writer, format_args!("a line")).unwrap_err();
        assert_eq!((error.kind(), code_of(&error)), (ErrorKind::BrokenPipe, READER_GONE));
    }
}

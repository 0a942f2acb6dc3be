//! The binary pass: configuration, wiring, jobs, sub-commands.

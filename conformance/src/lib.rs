//! Proof from outside: real relying parties, browsers, abuse cases, benchmarks.

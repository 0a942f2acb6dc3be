//! Keys for soft cards, many at once.
//!
//! Finding a prime is what a key costs, and the family has more than sixty keys: they share a dozen primes, no two keys
//! the same pair. Whoever has two public keys can compute the private ones, which costs nobody anything: these keys are
//! for tests, lie in a file beside the program, and no release build trusts them.

use std::thread;

use openssl::{
    bn::{BigNum, BigNumContext, BigNumRef},
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
};

use super::issue::IssueError;

/// RSA keys of 2048 bits with e = 65537.
pub(super) fn rsa_keys(count: usize) -> Result<std::vec::IntoIter<PKey<Private>>, IssueError> {
    let needed = (2..).find(|n| n * (n - 1) / 2 >= count).unwrap_or(2);
    let primes = primes(needed)?;
    let mut keys = Vec::with_capacity(count);
    for (i, p) in primes.iter().enumerate() {
        for q in &primes[..i] {
            keys.push(key(p, q)?);
        }
    }
    keys.truncate(count);
    Ok(keys.into_iter())
}

/// A key on P-384.
pub(super) fn ec_key() -> Result<PKey<Private>, IssueError> {
    let group = EcGroup::from_curve_name(Nid::SECP384R1)?;
    Ok(PKey::from_ec_key(EcKey::generate(&group)?)?)
}

/// Every processor looks for some.
fn primes(count: usize) -> Result<Vec<BigNum>, ErrorStack> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(count);
    thread::scope(|scope| {
        let work = |worker: usize| move || (worker..count).step_by(workers).map(|_| prime()).collect::<Vec<_>>();
        let running: Vec<_> = (0..workers).map(|worker| scope.spawn(work(worker))).collect();
        running.into_iter().flat_map(|made| made.join().expect("making a prime does not panic")).collect()
    })
}

/// 1024 bits, the upper two set, and no multiple of e above one.
fn prime() -> Result<BigNum, ErrorStack> {
    let e = BigNum::from_u32(65537)?;
    loop {
        let mut prime = BigNum::new()?;
        prime.generate_prime(1024, false, None, None)?;
        let (less, mut rest) = (minus_one(&prime)?, BigNum::new()?);
        rest.checked_rem(&less, &e, &mut *BigNumContext::new()?)?;
        if rest.num_bits() > 0 {
            return Ok(prime);
        }
    }
}

fn minus_one(n: &BigNumRef) -> Result<BigNum, ErrorStack> {
    let mut less = n.to_owned()?;
    less.sub_word(1)?;
    Ok(less)
}

fn key(p: &BigNumRef, q: &BigNumRef) -> Result<PKey<Private>, ErrorStack> {
    let context = &mut *BigNumContext::new()?;
    let e = BigNum::from_u32(65537)?;
    let (p_1, q_1) = (minus_one(p)?, minus_one(q)?);
    let (mut n, mut phi, mut d, mut dp, mut dq, mut qi) =
        (BigNum::new()?, BigNum::new()?, BigNum::new()?, BigNum::new()?, BigNum::new()?, BigNum::new()?);
    n.checked_mul(p, q, context)?;
    phi.checked_mul(&p_1, &q_1, context)?;
    d.mod_inverse(&e, &phi, context)?;
    dp.checked_rem(&d, &p_1, context)?;
    dq.checked_rem(&d, &q_1, context)?;
    qi.mod_inverse(q, p, context)?;
    PKey::from_rsa(Rsa::from_private_components(n, e, d, p.to_owned()?, q.to_owned()?, dp, dq, qi)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_sound_and_each_another() {
        let keys: Vec<_> = rsa_keys(6).unwrap().collect();
        let mut seen = std::collections::BTreeSet::new();
        for key in &keys {
            let rsa = key.rsa().unwrap();
            assert!(rsa.check_key().unwrap());
            assert_eq!((rsa.size(), rsa.n().num_bits()), (256, 2048));
            assert!(seen.insert(rsa.n().to_vec()));
        }
        assert_eq!(keys.len(), 6);
    }
}

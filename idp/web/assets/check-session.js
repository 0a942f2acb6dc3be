// Session Management 3.2 and 3.3: answers a relying party's frame whether the session is still the same, without asking the
// server. Classic ES5 with a SHA-256 of its own (FIPS 180-4 6.2): in a frame of another site crypto.subtle may be missing.
(function () {
  function words(fraction) {
    var found = [], number = 2;
    while (found.length < (fraction === 1 / 2 ? 8 : 64)) {
      var prime = true;
      for (var by = 2; by * by <= number; by += 1) { if (number % by === 0) { prime = false; break; } }
      if (prime) { found.push((Math.pow(number, fraction) * 4294967296) | 0); }
      number += 1;
    }
    return found;
  }
  var START = words(1 / 2), K = words(1 / 3);

  function utf8(text) {
    var bytes = unescape(encodeURIComponent(text)), list = [];
    for (var at = 0; at < bytes.length; at += 1) { list.push(bytes.charCodeAt(at)); }
    return list;
  }

  function rotated(word, by) { return (word >>> by) | (word << (32 - by)); }

  function sha256(text) {
    var bytes = utf8(text), bits = bytes.length * 8, hash = START.slice(0), at, step;
    bytes.push(0x80);
    while (bytes.length % 64 !== 56) { bytes.push(0); }
    bytes.push(0, 0, 0, 0, (bits >>> 24) & 255, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
    for (at = 0; at < bytes.length; at += 64) {
      var w = [], v = hash.slice(0);
      for (step = 0; step < 64; step += 1) {
        if (step < 16) {
          var first = at + step * 4;
          w[step] = (bytes[first] << 24) | (bytes[first + 1] << 16) | (bytes[first + 2] << 8) | bytes[first + 3];
        } else {
          var a = w[step - 15], b = w[step - 2];
          var s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3), s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10);
          w[step] = (w[step - 16] + s0 + w[step - 7] + s1) | 0;
        }
        var S1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25);
        var one = (v[7] + S1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[step] + w[step]) | 0;
        var S0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22);
        var two = (S0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))) | 0;
        v = [(one + two) | 0, v[0], v[1], v[2], (v[3] + one) | 0, v[4], v[5], v[6]];
      }
      for (step = 0; step < 8; step += 1) { hash[step] = (hash[step] + v[step]) | 0; }
    }
    var text64 = '';
    for (step = 0; step < 8; step += 1) {
      for (var shift = 24; shift >= 0; shift -= 8) { text64 += String.fromCharCode((hash[step] >>> shift) & 255); }
    }
    return btoa(text64).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  function browserState() {
    var found = /(?:^|; )pass-session-state=([^;]*)/.exec(document.cookie);
    return found ? found[1] : '';
  }

  window.addEventListener('message', function (event) {
    var text = typeof event.data === 'string' ? event.data : '', at = text.lastIndexOf(' ');
    var client = text.slice(0, at), state = text.slice(at + 1), dot = state.lastIndexOf('.');
    var answer = 'error';
    if (at > 0 && dot > 0 && event.origin && event.origin !== 'null') {
      var salt = state.slice(dot + 1);
      var now = sha256(client + ' ' + event.origin + ' ' + browserState() + ' ' + salt) + '.' + salt;
      // Without a session nothing is the same: no site learns whether somebody is signed in by guessing an empty state.
      answer = browserState() && now === state ? 'unchanged' : 'changed';
    }
    if (event.source) { event.source.postMessage(answer, event.origin === 'null' ? '*' : event.origin); }
  }, false);
})();

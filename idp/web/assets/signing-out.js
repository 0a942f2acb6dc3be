// Goes on when the page and all its frames were loaded, or after three seconds. Classic ES5: old embedded browsers run it too.
(function () {
  var gone = false;
  function go() {
    var on = document.getElementById('pass-signing-out-go');
    if (!gone && on) { gone = true; location.replace(on.href); }
  }
  window.addEventListener('load', go);
  setTimeout(go, 3000);
})();

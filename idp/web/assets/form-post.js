// Sends the form of response_mode=form_post. Classic ES5: old embedded browsers run it too.
(function () {
  var form = document.getElementById('pass-form-post');
  if (form) { form.submit(); }
})();

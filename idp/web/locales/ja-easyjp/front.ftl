# Response types and logouts through the browser.
mgr-why-front_channel = カードで 確（たし）かめた ことは、ブラウザーでは わたしません。code を つかってください。
mgr-flag-implicit = code を つかわないで、トークンを ブラウザーで うけとります（implicit）。
mgr-cost-implicit = トークンが ブラウザーの 履歴（りれき）から 見（み）えます。カードで 確（たし）かめた ことは わたりません。
mgr-flag-hybrid = code と いっしょに、トークンも ブラウザーで うけとります（hybrid）。
mgr-cost-hybrid = その トークンは ブラウザーの 履歴（りれき）から 見（み）えます。カードで 確（たし）かめた ことは その トークンでは わたりません。
mgr-flag-frontchannel_logout = ログアウトの とき、この 施設（しせつ）の ページを 見（み）えない 枠（わく）で ひらきます。
mgr-cost-frontchannel_logout = ログアウトの たびに ページが 1つ ふえます。ほかの サイトの Cookie を 止（と）めた ブラウザーでは うごきません。
mgr-flag-session_management = ログインして いるかを、枠（わく）の 中（なか）で しらべられます。
mgr-cost-session_management = ログアウトした ことが この 施設（しせつ）に わかります。ほかの サイトの Cookie を 止（と）めた ブラウザーでは うごきません。

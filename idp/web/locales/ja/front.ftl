# Response types and logouts through the browser.
mgr-why-front_channel = カードで確かめた情報は、ブラウザーを通しては渡しません（code を使ってください）。
mgr-flag-implicit = code を使わず、トークンをブラウザー経由で受け取れるようにします（implicit）。
mgr-cost-implicit = トークンがブラウザーの履歴や拡張機能から見えます。カードで確かめた情報は、この方法では渡りません。
mgr-flag-hybrid = code と一緒に、トークンもブラウザー経由で受け取れるようにします（hybrid）。
mgr-cost-hybrid = ブラウザーを通ったトークンは履歴や拡張機能から見えます。そのトークンでは、カードで確かめた情報は渡りません。
mgr-flag-frontchannel_logout = ログアウトのとき、この施設のページを見えない枠で開きます（front-channel logout）。
mgr-cost-frontchannel_logout = ログアウトのたびにページが一つ増えます。ほかのサイトのCookieを止めたブラウザーでは働きません。確実なのは back-channel のほうです。
mgr-flag-session_management = ログイン状態を、枠の中のスクリプトで見張れるようにします（session management）。
mgr-cost-session_management = だれかがログアウトしたことが、この施設から分かります。ほかのサイトのCookieを止めたブラウザーでは「変わった」としか答えません。

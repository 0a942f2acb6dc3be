# Response types and logouts through the browser.
mgr-why-front_channel = What a card proved never goes through the browser: use code.
mgr-flag-implicit = Tokens may come through the browser, without a code (implicit).
mgr-cost-implicit = Histories and extensions of the browser see the tokens. Nothing that a card proved is shared this way.
mgr-flag-hybrid = Tokens may come through the browser beside a code (hybrid).
mgr-cost-hybrid = Histories and extensions of the browser see those tokens. Nothing that a card proved is shared for them.
mgr-flag-frontchannel_logout = Loads a page of this facility in a hidden frame at sign-out (front-channel logout).
mgr-cost-frontchannel_logout = One page more at each sign-out. Does not work in browsers that block cookies of other sites; back-channel logout does.
mgr-flag-session_management = A script in a frame may watch whether the session changed (session management).
mgr-cost-session_management = The facility learns when somebody signs out. Browsers that block cookies of other sites always say "changed".

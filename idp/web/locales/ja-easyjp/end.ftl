error-now = いま できること
error-reference = きくときの 番号（ばんごう）
error-at = いつ
error-code = 技術（ぎじゅつ）の 人（ひと）へ
error-detail = くわしい 理由（りゆう）
error-ask = こまったときは、市役所（しやくしょ）の 人（ひと）に この 番号（ばんごう）を 言（い）ってください。
error-facility-title = この 施設（しせつ）が わかりません
error-facility = ログインを たのんだ 施設（しせつ）が、PASSに 登録（とうろく）されていません。あなたは わるくありません。なにも わたしていません。
error-return-title = ログインを つづけられません
error-return = 施設（しせつ）の ページに まちがいが あります。あなたは わるくありません。なにも わたしていません。
error-request-title = 施設（しせつ）の おねがいが わかりません
error-request = 施設（しせつ）の ページに まちがいが あります。あなたは わるくありません。なにも わたしていません。
error-sign-out-title = ログアウトの おねがいが わかりません
error-sign-out = 施設（しせつ）の おねがいに まちがいが あります。まだ ログインしています。
error-expired-title = この 手続（てつづ）きは おわっています
error-expired = もう おわったか、時間（じかん）が すぎました。ここからは つづけられません。もう一度（いちど） するときは、施設（しせつ）の ページから はじめてください。
error-form-title = この 画面（がめん）は 古（ふる）いです
error-form = いまの ことは していません。前（まえ）の 画面（がめん）を もう一度（いちど） ひらいてください。
error-not-found-title = ページが ありません
error-not-found = アドレスが ちがうか、ページが なくなりました。
error-forbidden-title = この ページは 見（み）られません
error-forbidden = いまの ログインでは 見（み）られません。
error-ours-title = PASSに 問題（もんだい）が あります
error-ours = あなたは わるくありません。ごめんなさい。すこし 待（ま）ってから もう一度（いちど） してください。
error-unavailable-title = いまは 使（つか）えません
error-unavailable = すこし 待（ま）ってから もう一度（いちど） してください。

form-post-title = 施設（しせつ）に もどります
form-post-to = 「{ $facility }」に もどります
form-post-how = 画面（がめん）が 変（か）わります。変（か）わらないときは、下（した）の ボタンを おしてください。
form-post-go = 施設（しせつ）に もどる

logout-title = ログアウトしますか
logout-asker = もどる ところ
logout-ask = PASSから ログアウトしますか
logout-what = ログアウトすると、つぎに 使（つか）うとき、もう一度（いちど） 本人（ほんにん）か 確（たし）かめます。
logout-yes = ログアウトする
logout-yes-then = つぎに もう一度（いちど） ログインします
logout-no = このまま 使（つか）う
logout-no-then = ログアウトしないで もどります

signed-out-title = ログアウトしました
signed-out-what = この パソコンや スマートフォンで ログアウトしました。
signed-out-shared = みんなで 使（つか）う パソコンの とき
signed-out-shared-do = 画面（がめん）を ぜんぶ とじてください。
signed-out-again = もう一度（いちど） ログインする

notice-stayed-title = ログインした ままです
notice-stayed = ログアウトしていません。このまま 使（つか）えます。
notice-face-unavailable-title = いまは 顔（かお）が 使（つか）えません
notice-face-unavailable = 顔（かお）を くらべる 機械（きかい）が とまっています。あなたは わるくありません。ほかの 方法（ほうほう）を 使（つか）ってください。
notice-no-face-title = 顔（かお）の 登録（とうろく）が ありません
notice-no-face = 顔（かお）が なくても つかえます。ほかの 方法（ほうほう）を 使（つか）うか、先（さき）に 顔（かお）を 登録（とうろく）してください。
notice-card-later-title = カードは あとで できます
notice-card-later = カードで 確（たし）かめる 情報（じょうほう）は、まだ わたせません。ほかの ことは できます。

error-too-many-title = すこし 待（ま）ってください
error-too-many = なんども あったので、とめました。10分（ぷん）くらい 待（ま）ってください。メールの ときは 1時間（じかん）くらい 待（ま）ってください。それから、もう一度（いちど） してください。

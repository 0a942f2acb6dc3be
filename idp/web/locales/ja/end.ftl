error-now = いまできること
error-reference = お問い合わせ番号
error-at = 日時
error-code = 技術者向け
error-detail = くわしい理由
error-ask = 解決しないときは、市の窓口にお問い合わせ番号をお伝えください。
error-facility-title = この施設を確かめられません
error-facility = ログインを求めた施設が、PASSに登録されていません。あなたの操作のまちがいではありません。情報は何も渡っていません。
error-return-title = ログインを続けられません
error-return = お使いの施設のページから届いた「戻り先」が、登録されたものとちがいます。あなたの操作のまちがいではありません。情報は何も渡っていません。
error-request-title = 施設からの依頼を受け取れません
error-request = 施設のページから届いた依頼に、まちがいがあります。あなたの操作のまちがいではありません。情報は何も渡っていません。
error-sign-out-title = ログアウトの依頼を確かめられません
error-sign-out = 施設から届いたログアウトの依頼が正しくありません。PASSからは、まだログアウトしていません。
error-expired-title = この手続きは終わっています
error-expired = すでに終えたか、時間が過ぎたため、ここからは続けられません。もう一度行うときは、施設のページから始めてください。
error-form-title = この画面は古くなっています
error-form = 別の画面で操作したか、時間がたったため、いまの操作は行いませんでした。前の画面を開き直してください。
error-not-found-title = ページが見つかりません
error-not-found = アドレスがまちがっているか、ページがなくなりました。
error-forbidden-title = このページは開けません
error-forbidden = いまのログインでは、このページを見られません。
error-ours-title = PASSの中で問題が起きました
error-ours = あなたの操作のまちがいではありません。申し訳ありません。しばらくしてから、もう一度お試しください。
error-unavailable-title = いまは使えません
error-unavailable = PASSの一部を止めています。しばらくしてから、もう一度お試しください。

form-post-title = 施設に戻ります
form-post-to = 「{ $facility }」に戻ります
form-post-how = 自動で切り替わります。切り替わらないときは、次のボタンを押してください。
form-post-go = 施設に戻る

logout-title = ログアウトの確認
logout-asker = 戻り先の施設
logout-ask = PASSからログアウトしますか
logout-what = この端末で、PASSを使うすべての施設の新しいログインに、もう一度確認が必要になります。
logout-yes = ログアウトする
logout-yes-then = 次に使うとき、もう一度ログインします
logout-no = このまま使う
logout-no-then = ログアウトせずに戻ります

signed-out-title = ログアウトしました
signed-out-what = この端末では、PASSからログアウトしています。
signed-out-shared = 図書館など、みんなで使うパソコンの場合
signed-out-shared-do = ブラウザーの画面をすべて閉じてください。
signed-out-again = もう一度ログインする

notice-stayed-title = ログインしたままです
notice-stayed = ログアウトはしていません。このまま使えます。
notice-face-unavailable-title = いまは顔を使えません
notice-face-unavailable = 顔を照らし合わせる仕組みが動いていません。あなたの操作のまちがいではありません。ほかの方法をお使いください。
notice-no-face-title = 顔が登録されていません
notice-no-face = 顔を登録しなくても使えます。ほかの方法をお使いになるか、先に顔を登録してください。
notice-card-later-title = カードの確認は、あとで行えます
notice-card-later = 確認が終わるまで、カードで確かめる情報は渡せません。ほかの機能は使えます。

error-too-many-title = 少し時間をおいてください
error-too-many = 短い時間に何度も試されたため、いったん止めました。10分ほど（メールのコードは1時間ほど）待ってから、もう一度お試しください。

# Letters: the one-time code.
mail-code-subject = PASS：ログインの番号は { $code } です
mail-code-body =
    PASSにログインするための番号です。

    { $code }

    10分のあいだ、1回だけ使えます。{ $host } の画面に入れてください。
    心当たりがないときは、何もしないでください。この番号をほかの人に教えないでください。

# Letters: what a card proved counts no longer.
mail-card-lapsed-subject = PASS：署名用電子証明書の期限が切れました
mail-card-lapsed-body =
    マイナンバーカードの署名用電子証明書の有効期限が切れました。

    PASSから施設へ、お住まいの情報は渡らなくなりました。ほかの情報とログインは、これまでどおりです。
    証明書は市の窓口で更新できます。更新したら、もう一度カードで確認してください。
    { $address }

    このメールに秘密の番号はありません。返信もいりません。
mail-card-revoked-subject = PASS：署名用電子証明書が失効しました
mail-card-revoked-body =
    マイナンバーカードの署名用電子証明書が失効しました。引っ越し、氏名の変更、紛失の届け出のあとに失効します。

    PASSから施設へ、カードで確かめた情報は渡らなくなりました。ログインはこれまでどおりです。
    新しい証明書は市の窓口で受け取れます。受け取ったら、もう一度カードで確認してください。
    { $address }

    引っ越し、氏名の変更、紛失のどれにも心当たりがないときは、市の窓口にお尋ねください。

# Letters: the card and the ways to sign in.
mail-card-bound-subject = PASS：マイナンバーカードでログインできるようになりました
mail-card-bound-body =
    マイナンバーカードと4けたの暗証番号で、PASSにログインできるようになりました。

    心当たりがないときは、すぐにログインして、このカードを外してください。市の窓口にもお知らせください。
    { $address }
mail-card-removed-subject = PASS：マイナンバーカードがログイン方法から外れました
mail-card-removed-body =
    マイナンバーカードと4けたの暗証番号では、PASSにログインできなくなりました。署名用パスワードでは、これまでどおり戻れます。

    心当たりがないときは、ログインして、ログイン方法を確かめてください。
    { $address }
mail-card-recovered-subject = PASS：カードの署名用パスワードでログインがありました
mail-card-recovered-body =
    マイナンバーカードと署名用パスワードで、PASSにログインがありました。スマートフォンなどをなくしたときの入り方です。

    なくした端末は、ログイン方法のページで外してください。
    心当たりがないときは、カードと署名用パスワードをほかの人に使われています。市の窓口に、すぐにお知らせください。
    { $address }
mail-family-joined-subject = PASS：お子さんの代理の方が加わりました
mail-family-joined-body =
    あなたが代理をしているお子さんを、ほかの方も、自分の家族に加えました。その方は、お子さんのカードと4けたの暗証番号を使いました。

    お二人とも、お子さんの手続きができます。
    心当たりがないときは、市の窓口にお知らせください。
    { $address }
# Letters: a face was switched off; a face ends soon.
mail-face-off-subject = PASS：顔での確認を止めました
mail-face-off-body =
    登録した顔と合わないことが50回続いたため、顔での確認を止めました。

    パスキーとマイナンバーカードは、これまでどおり使えます。顔は、ここで登録し直せます。
    { $address }

    心当たりがないときは、だれかがあなたの端末かパスキーを使ったのかもしれません。上の画面で、ログイン中の端末を確かめてください。
mail-face-ends-subject = PASS：顔の登録がまもなく終わります
mail-face-ends-body =
    顔の登録は{ $day }に終わります。顔は年とともに変わるため、期限を決めています。

    続けて使うには、それまでに登録し直してください。何もしなければ、その日に消えます。
    { $address }

    このメールに秘密の番号はありません。返信もいりません。

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

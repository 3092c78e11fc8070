<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>app::AlarmPanel</name>
    <message>
        <source>Alarms</source>
        <translation>アラーム</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>ルール</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>違反開始</translation>
    </message>
    <message>
        <source>Rule to add</source>
        <translation>追加するルール</translation>
    </message>
    <message>
        <source>lag counts events, lag_s is the age of the first message that waits. Without a group it speaks of every one.</source>
        <translation>lag はイベント数、lag_s は待機中の最初のメッセージの経過時間です。グループを指定しない場合は、すべてのグループが対象です。</translation>
    </message>
    <message>
        <source>Ru&amp;le</source>
        <translation>ルール(&amp;L)</translation>
    </message>
    <message>
        <source>A&amp;dd alarm</source>
        <translation>アラームを追加(&amp;D)</translation>
    </message>
    <message>
        <source>Rem&amp;ove alarm</source>
        <translation>アラームを削除(&amp;O)</translation>
    </message>
    <message>
        <source>This rule cannot be read: %1</source>
        <translation>このルールは読み取れません：%1</translation>
    </message>
    <message>
        <source>✗ broken</source>
        <translation>✗ 違反</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ 充足</translation>
    </message>
    <message>
        <source>– not evaluated</source>
        <translation>– 未評価</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>グループ %1</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1 前</translation>
    </message>
</context>
<context>
    <name>app::AuditDialog</name>
    <message>
        <source>events, app.events or &quot;Events&quot;</source>
        <translation>events、app.events または &quot;Events&quot;</translation>
    </message>
    <message>
        <source>the column with the events&apos; ids</source>
        <translation>イベントの ID の列</translation>
    </message>
    <message>
        <source>the commit&apos;s time, where the server keeps it</source>
        <translation>コミット時刻（サーバーが保持している場合）</translation>
    </message>
    <message>
        <source>every run in the table; or one: its folder, its id or its tag</source>
        <translation>テーブル内のすべての実行。または 1 件のフォルダー、ID、タグ</translation>
    </message>
    <message>
        <source>What became of each run</source>
        <translation>各実行の結果</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>保存(&amp;V)…</translation>
    </message>
    <message>
        <source>Audit of a table</source>
        <translation>テーブルの監査</translation>
    </message>
    <message>
        <source>S&amp;tore</source>
        <translation>ストア(&amp;T)</translation>
    </message>
    <message>
        <source>T&amp;able</source>
        <translation>テーブル(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation>ID(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>参照(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>実行(&amp;R)</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>停止しました。</translation>
    </message>
    <message>
        <source>Waiting for the password…</source>
        <translation>パスワードを待っています…</translation>
    </message>
    <message>
        <source>Reading the table…</source>
        <translation>テーブルを読み取っています…</translation>
    </message>
    <message>
        <source>%1 rows read.</source>
        <translation>%1 行を読み取りました。</translation>
    </message>
    <message>
        <source>%1 at %2: %3 rows, %4 of them foreign.</source>
        <translation>%1（%2）：%3 行、うち外部 %4 行。</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Add a &amp;connection…</source>
        <translation>接続を追加(&amp;C)…</translation>
    </message>
    <message>
        <source>A&amp;udit</source>
        <translation>監査(&amp;U)</translation>
    </message>
    <message>
        <source>An audit reads a table in a PostgreSQL; there is no connection to one yet.</source>
        <translation>監査は PostgreSQL のテーブルを読み取りますが、PostgreSQL への接続がまだありません。</translation>
    </message>
    <message>
        <source>Names a table that another consumer filled, and says what is lost, doubled, and how late.</source>
        <translation>別のコンシューマーが書き込んだテーブルを指定すると、消失、二重保存、遅れの程度がわかります。</translation>
    </message>
    <message>
        <source>Folder of the run</source>
        <translation>実行のフォルダー</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>レポートの保存</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>%1 として保存しました。</translation>
    </message>
    <message>
        <source>Store&amp;d at</source>
        <translation>保存時刻(&amp;D)</translation>
    </message>
</context>
<context>
    <name>app::AuditRows</name>
    <message>
        <source>Of %1 rows.</source>
        <translation>%1 行が対象です。</translation>
    </message>
    <message>
        <source>No result of this run is known; name its folder.</source>
        <translation>この実行の結果が不明です。フォルダーを指定してください。</translation>
    </message>
    <message>
        <source>Too few rows for this percentile.</source>
        <translation>このパーセンタイルを求めるには行が少なすぎます。</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>ブローカーが受領を確認しました。</translation>
    </message>
    <message>
        <source>Events that are in the table.</source>
        <translation>テーブルにあるイベントです。</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row.</source>
        <translation>受領が確認されたのに、どの行にもありません。</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row; the first ones: %1.</source>
        <translation>受領が確認されたのに、どの行にもありません。最初のもの：%1。</translation>
    </message>
    <message>
        <source>It is known what was acknowledged: see &apos;Lost&apos;.</source>
        <translation>受領を確認されたものがわかっています。「消失」を参照してください。</translation>
    </message>
    <message>
        <source>Numbers without a row between the first and the last seen of each stream: lost, or never sent.</source>
        <translation>各ストリームで見つかった最初と最後の間で、行のない番号です。消失したか、送信されていません。</translation>
    </message>
    <message>
        <source>Rows beyond the first of their id.</source>
        <translation>同じ ID の 2 行目以降の行です。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>ACK 済み</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>保存済み</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>消失</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>欠番</translation>
    </message>
    <message>
        <source>Doubled</source>
        <translation>二重保存</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>p99.9</source>
        <translation>p99.9</translation>
    </message>
</context>
<context>
    <name>app::ChartPanel</name>
    <message>
        <source>Nothing to show yet.</source>
        <translation>まだ表示するものがありません。</translation>
    </message>
    <message>
        <source>%1 as a table</source>
        <translation>%1 の表</translation>
    </message>
    <message>
        <source>Menu of the chart %1</source>
        <translation>グラフ「%1」のメニュー</translation>
    </message>
    <message>
        <source>Show as table, or save as a picture or as CSV</source>
        <translation>表として表示、または画像や CSV として保存</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>表として表示(&amp;T)</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>PNG として保存(&amp;P)…</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG 画像 (*.png)</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>SVG として保存(&amp;S)…</translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation>SVG 画像 (*.svg)</translation>
    </message>
    <message>
        <source>Save as &amp;CSV…</source>
        <translation>CSV として保存(&amp;C)…</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV の表 (*.csv)</translation>
    </message>
    <message>
        <source>Save the chart %1</source>
        <translation>グラフ「%1」の保存</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>%1 に書き込めませんでした：%2。</translation>
    </message>
</context>
<context>
    <name>app::ChartTableModel</name>
    <message>
        <source>Not known: nothing happened in this interval, or there were too few values for this figure.</source>
        <translation>不明：この区間には何も起きなかったか、この数値を求めるには値が少なすぎました。</translation>
    </message>
</context>
<context>
    <name>app::CheckView</name>
    <message>
        <source>ok</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>What each server has answered</source>
        <translation>各サーバーの応答</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>サーバー</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>往復時間</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>応答</translation>
    </message>
    <message>
        <source>The time of one question and its answer over a connection that stands.</source>
        <translation>確立済みの接続で、1 回の問い合わせと応答にかかった時間です。</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>ブローカー</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>ストア</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>重複フィルター</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>問い合わせ中…</translation>
    </message>
    <message>
        <source>Check SASL mechanism, SASL user and SASL password above.</source>
        <translation>上の SASL メカニズム、SASL ユーザー、SASL パスワードを確認してください。</translation>
    </message>
    <message>
        <source>check the user in the store&apos;s address, and its password above</source>
        <translation>ストアのアドレスのユーザーと、上のパスワードを確認してください</translation>
    </message>
    <message>
        <source>set the duplicate filter&apos;s password above</source>
        <translation>上で重複フィルターのパスワードを設定してください</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>未テスト</translation>
    </message>
    <message>
        <source>It wants a token, and the one above is not the one that it knows.</source>
        <translation>トークンが必要ですが、上のトークンはデーモンが知っているものではありません。</translation>
    </message>
</context>
<context>
    <name>app::ClusterPanel</name>
    <message>
        <source>Brokers</source>
        <translation>ブローカー</translation>
    </message>
    <message>
        <source>Groups, topics and alarms</source>
        <translation>グループ、トピック、アラーム</translation>
    </message>
    <message>
        <source>Consumer groups</source>
        <translation>コンシューマーグループ</translation>
    </message>
    <message>
        <source>&amp;Groups</source>
        <translation>グループ(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Topics</source>
        <translation>トピック(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Alarms</source>
        <translation>アラーム(&amp;A)</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>トピック</translation>
    </message>
    <message>
        <source>Browse &amp;messages</source>
        <translation>メッセージを閲覧(&amp;M)</translation>
    </message>
    <message>
        <source>Shows the messages of the chosen topic.</source>
        <translation>選択したトピックのメッセージを表示します。</translation>
    </message>
    <message>
        <source>Partitions and members of the group</source>
        <translation>グループのパーティションとメンバー</translation>
    </message>
    <message>
        <source>Partitions of the group</source>
        <translation>グループのパーティション</translation>
    </message>
    <message>
        <source>Members of the group</source>
        <translation>グループのメンバー</translation>
    </message>
    <message>
        <source>Part&amp;itions</source>
        <translation>パーティション(&amp;I)</translation>
    </message>
    <message>
        <source>Mem&amp;bers</source>
        <translation>メンバー(&amp;B)</translation>
    </message>
    <message>
        <source>Sa&amp;ve history as CSV…</source>
        <translation>履歴を CSV として保存(&amp;V)…</translation>
    </message>
    <message>
        <source>Writes the lag of every group over time to a file.</source>
        <translation>全グループのラグの推移をファイルに書き込みます。</translation>
    </message>
    <message>
        <source>Choose a group to see its lag.</source>
        <translation>グループを選ぶと、そのラグが表示されます。</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Save the history of the lag</source>
        <translation>ラグの履歴の保存</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV の表 (*.csv)</translation>
    </message>
</context>
<context>
    <name>app::ClusterRows</name>
    <message>
        <source>No offset is committed.</source>
        <translation>オフセットはコミットされていません。</translation>
    </message>
    <message>
        <source>The committed offset has expired: the log begins later.</source>
        <translation>コミットされたオフセットは期限切れです。ログはそれより後から始まっています。</translation>
    </message>
    <message>
        <source>The committed offset lies beyond the log&apos;s end.</source>
        <translation>コミットされたオフセットがログの終端を越えています。</translation>
    </message>
    <message>
        <source>All is read: only transaction markers or compacted offsets follow.</source>
        <translation>すべて読み取り済みです。この後にはトランザクションマーカーまたはコンパクション済みのオフセットしかありません。</translation>
    </message>
    <message>
        <source>At most: offsets count transaction markers or compacted messages too.</source>
        <translation>最大の値です。オフセットにはトランザクションマーカーやコンパクション済みのメッセージも数えられます。</translation>
    </message>
    <message>
        <source>The log&apos;s end is not known.</source>
        <translation>ログの終端が不明です。</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>安定</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>%1 で増加中</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>減少中、空になるまで %1</translation>
    </message>
    <message>
        <source>The group has not been asked yet.</source>
        <translation>グループにはまだ問い合わせていません。</translation>
    </message>
    <message>
        <source>It is not known of every partition.</source>
        <translation>一部のパーティションについては不明です。</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>無制限</translation>
    </message>
    <message>
        <source>%1 without a leader</source>
        <translation>リーダーなし %1</translation>
    </message>
    <message>
        <source>%1 under-replicated</source>
        <translation>レプリカ不足 %1</translation>
    </message>
    <message>
        <source>in sync</source>
        <translation>同期済み</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>グループ</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>メンバー</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>ラグ</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>経過時間</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>推移</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>備考</translation>
    </message>
    <message>
        <source>As it was %1 ago.</source>
        <translation>%1 前の状態です。</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>トピック</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>パーティション</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>レプリカ</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>レート</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>保持数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>Retention</source>
        <translation>保持期限</translation>
    </message>
    <message>
        <source>Cleanup</source>
        <translation>クリーンアップ</translation>
    </message>
    <message>
        <source>The size in bytes is not available with this librdkafka.</source>
        <translation>この librdkafka では、バイト単位のサイズを取得できません。</translation>
    </message>
    <message>
        <source>Offsets between the log&apos;s begin and its end.</source>
        <translation>ログの先頭から終端までのオフセット数です。</translation>
    </message>
    <message>
        <source>It is not known yet.</source>
        <translation>まだ不明です。</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>パーティション</translation>
    </message>
    <message>
        <source>Committed</source>
        <translation>コミット済み</translation>
    </message>
    <message>
        <source>End</source>
        <translation>終端</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>メンバー</translation>
    </message>
    <message>
        <source>Within %1, from when the log&apos;s end passed there.</source>
        <translation>誤差は %1 以内です。ログの終端がその位置を通過した時刻から求めています。</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>クライアント</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>ホスト</translation>
    </message>
    <message>
        <source>%1 in rack %2</source>
        <translation>%1（ラック %2）</translation>
    </message>
    <message>
        <source>%1 (controller)</source>
        <translation>%1（コントローラー）</translation>
    </message>
    <message>
        <source>Brokers: %1 · asking %2 times per second</source>
        <translation>ブローカー: %1 · 1 秒に %2 回問い合わせ</translation>
    </message>
    <message>
        <source>Lag: %1 events, age %2, %3</source>
        <translation>ラグ: イベント %1 件、経過時間 %2、%3</translation>
    </message>
</context>
<context>
    <name>app::Connection</name>
    <message>
        <source>A connection needs a name.</source>
        <translation>接続には名前が必要です。</translation>
    </message>
    <message>
        <source>The broker&apos;s address should look like HOST:PORT, several with commas between them.</source>
        <translation>ブローカーのアドレスは HOST:PORT の形で指定します。複数の場合はコンマで区切ります。</translation>
    </message>
    <message>
        <source>An address must not hold a password, for it is kept in a file: write it into the field for the password.</source>
        <translation>アドレスはファイルに保存されるため、パスワードを含めてはなりません。パスワードの欄に入力してください。</translation>
    </message>
    <message>
        <source>The store&apos;s address should look like postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE.</source>
        <translation>ストアのアドレスは postgresql://USER@HOST:PORT/DATABASE または sqlite:FILE の形で指定します。</translation>
    </message>
    <message>
        <source>The duplicate filter&apos;s address should look like redis://HOST:PORT.</source>
        <translation>重複フィルターのアドレスは redis://HOST:PORT の形で指定します。</translation>
    </message>
    <message>
        <source>The Kafka setting %1 is not allowed here.</source>
        <translation>Kafka の設定 %1 はここでは使えません。</translation>
    </message>
    <message>
        <source>Password for Kafka</source>
        <translation>Kafka のパスワード</translation>
    </message>
    <message>
        <source>Password of the Kafka key file</source>
        <translation>Kafka の鍵ファイルのパスワード</translation>
    </message>
    <message>
        <source>Password for PostgreSQL</source>
        <translation>PostgreSQL のパスワード</translation>
    </message>
    <message>
        <source>Password for Redis</source>
        <translation>Redis のパスワード</translation>
    </message>
    <message>
        <source>A connection has no id.</source>
        <translation>ID のない接続があります。</translation>
    </message>
    <message>
        <source>The daemons&apos; addresses should look like HOST:PORT or dns:NAME:PORT, several with commas between them.</source>
        <translation>デーモンのアドレスは HOST:PORT または dns:NAME:PORT の形で指定します。複数の場合はコンマで区切ります。</translation>
    </message>
    <message>
        <source>Daemons meet at real servers: the connection needs the broker&apos;s address and that of a PostgreSQL as well.</source>
        <translation>デーモンは実際のサーバーを介して連携します。接続にはブローカーのアドレスと PostgreSQL のアドレスも必要です。</translation>
    </message>
    <message>
        <source>Token of the daemons</source>
        <translation>デーモンのトークン</translation>
    </message>
</context>
<context>
    <name>app::ConnectionForm</name>
    <message>
        <source>&amp;Name</source>
        <translation>名前(&amp;N)</translation>
    </message>
    <message>
        <source>As it appears wherever a target is chosen.</source>
        <translation>ターゲットを選ぶ場所に表示される名前です。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>消去</translation>
    </message>
    <message>
        <source>Forget: %1</source>
        <translation>消去: %1</translation>
    </message>
    <message>
        <source>Forgets the stored password when the connection is saved.</source>
        <translation>保管されているパスワードを、接続の保存時に消去します。</translation>
    </message>
    <message>
        <source>Broker (Kafka)</source>
        <translation>ブローカー（Kafka）</translation>
    </message>
    <message>
        <source>&amp;Broker address</source>
        <translation>ブローカーのアドレス(&amp;B)</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT,…</source>
        <translation>embedded、または HOST:PORT,…</translation>
    </message>
    <message>
        <source>HOST:PORT, several with commas between them. Empty: each run brings its own broker.</source>
        <translation>HOST:PORT。複数の場合はコンマで区切ります。空欄の場合は、実行ごとに専用のブローカーを起動します。</translation>
    </message>
    <message>
        <source>Security &amp;protocol</source>
        <translation>セキュリティプロトコル(&amp;P)</translation>
    </message>
    <message>
        <source>How to speak to the broker: in the clear or by TLS (ssl), with or without a login (sasl).</source>
        <translation>ブローカーとの通信方法です。平文または TLS（ssl）を、ログインあり（sasl）またはなしで使います。</translation>
    </message>
    <message>
        <source>SASL &amp;mechanism</source>
        <translation>SASL メカニズム(&amp;M)</translation>
    </message>
    <message>
        <source>How the login is proved.</source>
        <translation>ログインを証明する方法です。</translation>
    </message>
    <message>
        <source>SASL &amp;user</source>
        <translation>SASL ユーザー(&amp;U)</translation>
    </message>
    <message>
        <source>The name to log in with.</source>
        <translation>ログインに使う名前です。</translation>
    </message>
    <message>
        <source>SASL pass&amp;word</source>
        <translation>SASL パスワード(&amp;W)</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file.</source>
        <translation>デスクトップのキーチェーンに保管され、ファイルには書き込まれません。</translation>
    </message>
    <message>
        <source>&amp;CA certificates</source>
        <translation>CA 証明書(&amp;C)</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the broker.</source>
        <translation>ブローカーを保証する認証局の PEM ファイルです。</translation>
    </message>
    <message>
        <source>A PEM file, where the broker wants to know us by TLS.</source>
        <translation>PEM ファイルです。ブローカーが TLS でクライアントの認証を求める場合に使います。</translation>
    </message>
    <message>
        <source>Client &amp;key</source>
        <translation>クライアント鍵(&amp;K)</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file.</source>
        <translation>証明書の鍵の PEM ファイルです。</translation>
    </message>
    <message>
        <source>Passw&amp;ord of the key</source>
        <translation>鍵のパスワード(&amp;O)</translation>
    </message>
    <message>
        <source>Further Kafka settings</source>
        <translation>その他の Kafka 設定</translation>
    </message>
    <message>
        <source>Settings of librdkafka that a scenario may name as well, a line each.</source>
        <translation>シナリオでも指定できる librdkafka の設定を、1 行に 1 つずつ入力します。</translation>
    </message>
    <message>
        <source>Store (PostgreSQL)</source>
        <translation>ストア（PostgreSQL）</translation>
    </message>
    <message>
        <source>embedded, or postgresql://USER@HOST:PORT/DATABASE</source>
        <translation>embedded、または postgresql://USER@HOST:PORT/DATABASE</translation>
    </message>
    <message>
        <source>Without a password. sqlite:FILE is possible too. Empty: each run creates its own file.</source>
        <translation>パスワードは含めません。sqlite:FILE も使えます。空欄の場合は、実行ごとに専用のファイルを作ります。</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file. Empty: PGPASSWORD or ~/.pgpass, if they are there.</source>
        <translation>デスクトップのキーチェーンに保管され、ファイルには書き込まれません。空欄の場合は、PGPASSWORD または ~/.pgpass があればそれを使います。</translation>
    </message>
    <message>
        <source>TLS (sslmode)</source>
        <translation>TLS (sslmode)</translation>
    </message>
    <message>
        <source>CA certificates</source>
        <translation>CA 証明書</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the server.</source>
        <translation>サーバーを保証する認証局の PEM ファイルです。</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>クライアント証明書</translation>
    </message>
    <message>
        <source>A PEM file, where the server wants to know us by TLS.</source>
        <translation>PEM ファイルです。サーバーが TLS でクライアントの認証を求める場合に使います。</translation>
    </message>
    <message>
        <source>Client key</source>
        <translation>クライアント鍵</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file without a password.</source>
        <translation>証明書の鍵の PEM ファイルです（パスワードなし）。</translation>
    </message>
    <message>
        <source>Duplicate filter (Redis)</source>
        <translation>重複フィルター（Redis）</translation>
    </message>
    <message>
        <source>&amp;Duplicate filter&apos;s address</source>
        <translation>重複フィルターのアドレス(&amp;D)</translation>
    </message>
    <message>
        <source>in memory, or redis://HOST:PORT</source>
        <translation>メモリ内、または redis://HOST:PORT</translation>
    </message>
    <message>
        <source>Without a password. Empty: in memory.</source>
        <translation>パスワードは含めません。空欄の場合はメモリ内です。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>パスワード</translation>
    </message>
    <message>
        <source>kept; type to change it</source>
        <translation>保管済み。変更するには入力</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Further Kafka settings are lines of the form NAME=VALUE, which this one is not: %1</source>
        <translation>その他の Kafka 設定は NAME=VALUE の形の行で入力します。次の行は異なります：%1</translation>
    </message>
    <message>
        <source>verify-full is the only one that is safe from somebody in between. Empty: TLS where the server offers it (prefer).</source>
        <translation>中間者に対して安全なのは verify-full だけです。空欄の場合はサーバーが対応していれば TLS を使います (prefer)。</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1（既定）</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>参照…</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>参照: %1</translation>
    </message>
    <message>
        <source>Chooses the file.</source>
        <translation>ファイルを選びます。</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.cer *.key);;All files (*)</source>
        <translation>PEM ファイル (*.pem *.crt *.cer *.key);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>Further settin&amp;gs</source>
        <translation>その他の設定(&amp;G)</translation>
    </message>
    <message>
        <source>S&amp;tore address</source>
        <translation>ストアのアドレス(&amp;T)</translation>
    </message>
    <message>
        <source>not kept; asked for when it is needed</source>
        <translation>保管なし。必要なときに入力</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>デーモン</translation>
    </message>
    <message>
        <source>Addresses of daemons</source>
        <translation>デーモンのアドレス</translation>
    </message>
    <message>
        <source>none, or HOST:PORT,…</source>
        <translation>なし、または HOST:PORT,…</translation>
    </message>
    <message>
        <source>Producers and consumers that send and store instead of this process: HOST:PORT, several with commas between them, or dns:NAME:PORT for every address of a name. Empty: none.</source>
        <translation>このプロセスの代わりに送信と保存を行うプロデューサーとコンシューマーです。HOST:PORT（複数の場合はコンマで区切ります）、または名前のすべてのアドレスを表す dns:NAME:PORT を指定します。空欄の場合はなしです。</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>トークン</translation>
    </message>
</context>
<context>
    <name>app::ConnectionOpener</name>
    <message>
        <source>Password needed</source>
        <translation>パスワードが必要です</translation>
    </message>
    <message>
        <source>%1 of the connection &apos;%2&apos;:</source>
        <translation>接続「%2」の %1：</translation>
    </message>
    <message>
        <source>The connection &apos;%1&apos; cannot be used without its password.</source>
        <translation>接続「%1」はパスワードがないと使えません。</translation>
    </message>
</context>
<context>
    <name>app::ConnectionTest</name>
    <message>
        <source>Test connect&amp;ion</source>
        <translation>接続をテスト(&amp;I)</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>接続をテスト</translation>
    </message>
    <message>
        <source>Asks each server with what the fields say, saved or not, and changes nothing on them.</source>
        <translation>保存済みかどうかにかかわらず、入力欄の内容で各サーバーに問い合わせます。サーバー側には何も変更を加えません。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>テストを停止</translation>
    </message>
    <message>
        <source>Waits for no more answers.</source>
        <translation>これ以上応答を待ちません。</translation>
    </message>
    <message>
        <source>Daemons of the connection</source>
        <translation>接続のデーモン</translation>
    </message>
</context>
<context>
    <name>app::ConnectionsPage</name>
    <message>
        <source>Connections</source>
        <translation>接続</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>問題点</translation>
    </message>
    <message>
        <source>Saved connections</source>
        <translation>保存された接続</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>追加(&amp;A)</translation>
    </message>
    <message>
        <source>Creates a new connection.</source>
        <translation>新しい接続を作ります。</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>コピー(&amp;Y)</translation>
    </message>
    <message>
        <source>Creates a new connection like this one; its passwords are not copied.</source>
        <translation>この接続と同じ内容の新しい接続を作ります。パスワードはコピーされません。</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>削除(&amp;V)</translation>
    </message>
    <message>
        <source>Removes this connection and its passwords.</source>
        <translation>この接続とそのパスワードを削除します。</translation>
    </message>
    <message>
        <source>A connection names the servers that a run loads: Kafka, PostgreSQL and Redis, with how to log in. Without one, everything runs embedded in Millrace.</source>
        <translation>接続は、実行が負荷をかけるサーバー（Kafka、PostgreSQL、Redis）とそのログイン方法を定めます。接続がない場合は、すべてが Millrace に組み込まれて動作します。</translation>
    </message>
    <message>
        <source>Add a connection</source>
        <translation>接続を追加</translation>
    </message>
    <message>
        <source>Where passwords are kept</source>
        <translation>パスワードの保管場所</translation>
    </message>
    <message>
        <source>Fields of the connection</source>
        <translation>接続の入力欄</translation>
    </message>
    <message>
        <source>Keeps what the fields say.</source>
        <translation>入力欄の内容を保存します。</translation>
    </message>
    <message>
        <source>New connection</source>
        <translation>新しい接続</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (コピー)</translation>
    </message>
    <message>
        <source>Remove the connection?</source>
        <translation>接続を削除しますか？</translation>
    </message>
    <message>
        <source>Remove the connection &apos;%1&apos; and the passwords that are kept for it?</source>
        <translation>接続「%1」と、その接続のために保管されているパスワードを削除しますか？</translation>
    </message>
    <message>
        <source>This desktop has no keychain: passwords are kept until Millrace ends, and asked for again at the next start.</source>
        <translation>このデスクトップにはキーチェーンがありません。パスワードは Millrace の終了まで保持され、次回の起動時に再び入力を求められます。</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
</context>
<context>
    <name>app::EmptyView</name>
    <message>
        <source>Why nothing is shown</source>
        <translation>何も表示されない理由</translation>
    </message>
</context>
<context>
    <name>app::FindBar</name>
    <message>
        <source>Find in the text</source>
        <translation>テキスト内を検索</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>前へ</translation>
    </message>
    <message>
        <source>The place before (%1)</source>
        <translation>前の箇所（%1）</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>次へ</translation>
    </message>
    <message>
        <source>The next place (%1)</source>
        <translation>次の箇所（%1）</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Back to the text (Esc)</source>
        <translation>テキストに戻る（Esc）</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>見つかりません</translation>
    </message>
</context>
<context>
    <name>app::FleetRows</name>
    <message>
        <source>producer</source>
        <translation>プロデューサー</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>コンシューマー</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>応答待ち</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>応答途絶、%1</translation>
    </message>
    <message>
        <source>began anew</source>
        <translation>再起動</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>応答あり</translation>
    </message>
    <message>
        <source>in trouble</source>
        <translation>問題あり</translation>
    </message>
    <message>
        <source>Its clocks have not been compared with ours yet.</source>
        <translation>このデーモンの時計は、まだこちらの時計と比較されていません。</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>By so much its wall clock is ahead of ours; known to ±%1 ms, half of the shortest round trip. It does not change a figure: instants count from the run&apos;s beginning.</source>
        <translation>このデーモンの時計がこちらの時計より進んでいる量です。誤差は ±%1 ms（最短の往復時間の半分）です。時点は実行の開始から数えるため、数値には影響しません。</translation>
    </message>
    <message>
        <source>Daemon</source>
        <translation>デーモン</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>役割</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>送信済み</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>保存済み</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>時計</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>バージョン</translation>
    </message>
    <message>
        <source>Only a producer sends.</source>
        <translation>送信するのはプロデューサーだけです。</translation>
    </message>
    <message>
        <source>Only a consumer stores.</source>
        <translation>保存するのはコンシューマーだけです。</translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1（%2）：%3</translation>
    </message>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1、ほか %n 件</numerusform>
        </translation>
    </message>
    <message>
        <source>takes no part</source>
        <translation>参加していません</translation>
    </message>
    <message>
        <source>It has not said yet what it is.</source>
        <translation>何であるかをまだ応答していません。</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>問題</translation>
    </message>
    <message>
        <source>daemon</source>
        <translation>デーモン</translation>
    </message>
</context>
<context>
    <name>app::FormFields</name>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>What the run is called, 1 to 100 characters.</source>
        <translation>実行の名前です。1～100 文字で指定します。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>シード</translation>
    </message>
    <message>
        <source>The same seed gives the same events and due times.</source>
        <translation>同じシードからは、同じイベントと同じ予定時刻が生成されます。</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>Load at the first stage&apos;s rate before the stages, left out of the verdict but not of the ledger.</source>
        <translation>ステージの前に、最初のステージのレートでかける負荷です。判定からは除かれますが、台帳には含まれます。</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>ドレイン</translation>
    </message>
    <message>
        <source>How long the end waits for the consumer at most.</source>
        <translation>終了時にコンシューマーを待つ最長の時間です。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>Of an encoded event: 285B, or {min: 200B, max: 600B, distribution: exponential}.</source>
        <translation>エンコード済みイベント 1 件のサイズです：285B、または {min: 200B, max: 600B, distribution: exponential}。</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>レベル</translation>
    </message>
    <message>
        <source>Weights of the levels; they need not add up to 100.</source>
        <translation>各レベルの重みです。合計が 100 である必要はありません。</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>発生元</translation>
    </message>
    <message>
        <source>Names with commas between them, equally frequent.</source>
        <translation>コンマで区切った名前です。どれも同じ頻度で現れます。</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>キー</translation>
    </message>
    <message>
        <source>Key of the Kafka message: id, source, none, or {zipf: 1.1, keys: 10000}.</source>
        <translation>Kafka メッセージのキーです：id、source、none、または {zipf: 1.1, keys: 10000}。</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>generated, or {file: app.log}: the lines of a file, in order, round and round; relative to the scenario&apos;s file.</source>
        <translation>generated、または {file: app.log}：ファイルの行を順番に繰り返し使います。パスはシナリオのファイルからの相対パスです。</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重複</translation>
    </message>
    <message>
        <source>{ratio: 1%, within: 10s}: share of events that repeat an earlier id, and how long after it.</source>
        <translation>{ratio: 1%, within: 10s}：以前の ID を繰り返すイベントの割合と、繰り返すまでの最長の時間です。</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>読み取り不能</translation>
    </message>
    <message>
        <source>Share of events whose payload is broken on purpose.</source>
        <translation>ペイロードを意図的に壊すイベントの割合です。</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>トピック</translation>
    </message>
    <message>
        <source>Of the normal tier; the other tiers have topics of their own.</source>
        <translation>normal ティアのトピックです。ほかのティアにはそれぞれ専用のトピックがあります。</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>パーティション</translation>
    </message>
    <message>
        <source>Of topics that are created.</source>
        <translation>新しく作るトピックのパーティション数です。</translation>
    </message>
    <message>
        <source>worked out from the load</source>
        <translation>負荷から算出</translation>
    </message>
    <message>
        <source>Acks</source>
        <translation>ACK (acks)</translation>
    </message>
    <message>
        <source>Who has an event before it counts as acked: all, the leader (1) or nobody (0).</source>
        <translation>イベントを ACK 済みと数えるまでに誰が受け取る必要があるかを指定します：全員（all）、リーダー（1）、なし（0）。</translation>
    </message>
    <message>
        <source>Linger</source>
        <translation>待機時間 (linger)</translation>
    </message>
    <message>
        <source>How long a batch of the normal tier waits to fill.</source>
        <translation>normal ティアのバッチが満たされるのを待つ時間です。</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>バッチ</translation>
    </message>
    <message>
        <source>The largest batch of the normal tier.</source>
        <translation>normal ティアの最大のバッチです。</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>圧縮</translation>
    </message>
    <message>
        <source>Of all tiers that say nothing themselves.</source>
        <translation>個別の指定がないすべてのティアに適用されます。</translation>
    </message>
    <message>
        <source>Consumer group</source>
        <translation>コンシューマーグループ</translation>
    </message>
    <message>
        <source>Of the reference consumer.</source>
        <translation>リファレンスコンシューマーのグループです。</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>ワーカー</translation>
    </message>
    <message>
        <source>1 to 64.</source>
        <translation>1～64。</translation>
    </message>
    <message>
        <source>Events in one database transaction at most, 1 to 50000.</source>
        <translation>1 つのデータベーストランザクションに含めるイベントの最大数です。1～50000。</translation>
    </message>
    <message>
        <source>How long a batch waits for more when nothing is at hand.</source>
        <translation>手元にイベントがないとき、バッチが次のイベントを待つ時間です。</translation>
    </message>
    <message>
        <source>Critical batch</source>
        <translation>critical のバッチ</translation>
    </message>
    <message>
        <source>The critical tier&apos;s batch.</source>
        <translation>critical ティアのバッチです。</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>デッドレター</translation>
    </message>
    <message>
        <source>Where unreadable events go.</source>
        <translation>読み取れないイベントの送り先です。</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>有効期間</translation>
    </message>
    <message>
        <source>How long an id is remembered, at least 1s.</source>
        <translation>ID を記憶しておく時間です。1s 以上で指定します。</translation>
    </message>
    <message>
        <source>Prefix</source>
        <translation>接頭辞</translation>
    </message>
    <message>
        <source>Of the keys, 1 to 64 characters.</source>
        <translation>キーの接頭辞です。1～64 文字で指定します。</translation>
    </message>
    <message>
        <source>Who consumes</source>
        <translation>消費の担当</translation>
    </message>
    <message>
        <source>Millrace with the settings below if nothing is written, none, or the table that somebody else&apos;s consumer fills: {audit: {table: events, id: id, stored_at: created_at}}.</source>
        <translation>空欄の場合は、下の設定で Millrace が消費します。ほかに none、または第三者のコンシューマーが書き込むテーブルを指定できます：{audit: {table: events, id: id, stored_at: created_at}}。</translation>
    </message>
    <message>
        <source>Millrace</source>
        <translation>Millrace</translation>
    </message>
</context>
<context>
    <name>app::HealthText</name>
    <message>
        <source>is well</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>acknowledges nothing, %1 waiting</source>
        <translation>何も確認応答しません、%1 件が待機中</translation>
    </message>
    <message>
        <source>acknowledges %1 of %2, %3 waiting</source>
        <translation>%2 のうち %1 を確認応答、%3 件が待機中</translation>
    </message>
    <message>
        <source>gives the consumers nothing, %1 waiting</source>
        <translation>コンシューマーに何も渡しません、%1 件が待機中</translation>
    </message>
    <message>
        <source>does not answer, %1 waiting</source>
        <translation>応答しません、%1 件が待機中</translation>
    </message>
    <message>
        <source>stores %1 of %2, %3 waiting</source>
        <translation>%2 のうち %1 を保存、%3 件が待機中</translation>
    </message>
    <message>
        <source>is away, %1 events past the filter</source>
        <translation>不在です、%1 件がフィルターを素通り</translation>
    </message>
    <message>
        <source>is late, %1 events sent too late</source>
        <translation>遅れています、%1 件の送信が遅延</translation>
    </message>
    <message>
        <source>embedded broker</source>
        <translation>組み込みブローカー</translation>
    </message>
    <message>
        <source>filter in memory</source>
        <translation>メモリー内フィルター</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 %2, for %3</source>
        <translation>%1 は%2、%3 前から</translation>
    </message>
</context>
<context>
    <name>app::HeatMap</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1～%2</translation>
    </message>
    <message>
        <source>%1: most events took %2, the slowest %3 at %4.</source>
        <translation>%1：大部分のイベントの所要時間は %2、最も遅いものは %4 の時点で %3 でした。</translation>
    </message>
    <message>
        <source>from (s)</source>
        <translation>開始 (s)</translation>
    </message>
    <message>
        <source>until (s)</source>
        <translation>終了 (s)</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1、%2: %3</translation>
    </message>
    <message>
        <source>%1, most in %2: %3</source>
        <translation>%1、最多は %2: %3</translation>
    </message>
</context>
<context>
    <name>app::HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>ヘルプ</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文書</translation>
    </message>
    <message>
        <source>Text of the document</source>
        <translation>文書の本文</translation>
    </message>
</context>
<context>
    <name>app::HistogramChart</name>
    <message>
        <source>from (s)</source>
        <translation>以上 (s)</translation>
    </message>
    <message>
        <source>to below (s)</source>
        <translation>未満 (s)</translation>
    </message>
    <message>
        <source>from the due time (events)</source>
        <translation>予定時刻から (イベント数)</translation>
    </message>
    <message>
        <source>from the actual send (events)</source>
        <translation>実際の送信から (イベント数)</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1～%2</translation>
    </message>
</context>
<context>
    <name>app::HistoryPage</name>
    <message>
        <source>&amp;Open</source>
        <translation>開く(&amp;O)</translation>
    </message>
    <message>
        <source>Shows the report of the chosen run.</source>
        <translation>選択した実行のレポートを表示します。</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>比較(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>タグ(&amp;T)…</translation>
    </message>
    <message>
        <source>Words by which the chosen runs can be found again.</source>
        <translation>選択した実行を後で探すための語です。</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>ベースラインに設定(&amp;B)</translation>
    </message>
    <message>
        <source>Other runs of this name are compared with the chosen one.</source>
        <translation>この名前のほかの実行は、選択した実行と比較されます。</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>削除(&amp;D)…</translation>
    </message>
    <message>
        <source>Deletes the folders of the chosen runs.</source>
        <translation>選択した実行のフォルダーを削除します。</translation>
    </message>
    <message>
        <source>Search by name, verdict or tag</source>
        <translation>名前、判定、タグで検索</translation>
    </message>
    <message>
        <source>Search the runs</source>
        <translation>実行を検索</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Every run is kept and listed here, to be opened again and compared.</source>
        <translation>すべての実行がここに残って一覧表示され、再び開いて比較できます。</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>シナリオを選択</translation>
    </message>
    <message>
        <source>&amp;Back to the runs</source>
        <translation>実行の一覧に戻る(&amp;B)</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>タグ</translation>
    </message>
    <message>
        <source>Tags of the chosen runs, separated by commas:</source>
        <translation>選択した実行のタグ（コンマ区切り）：</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>実行の削除</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s) with all their files? This cannot be undone.</source>
        <translation>
            <numerusform>%n 件の実行をすべてのファイルとともに削除しますか？&#x3000;この操作は元に戻せません。</numerusform>
        </translation>
    </message>
    <message>
        <source>Fi&amp;nish</source>
        <translation>締める(&amp;N)</translation>
    </message>
    <message>
        <source>Closes the ledger of a run that was killed, and judges it: what its broker still holds is stored first. A run with the embedded broker is kept as it was recorded.</source>
        <translation>強制終了された実行の台帳を締めて判定します。先に、ブローカーに残っているイベントを保存します。組み込みブローカーの実行は、記録されたまま残します。</translation>
    </message>
    <message>
        <source>Where the runs are listed</source>
        <translation>実行の一覧元</translation>
    </message>
    <message>
        <source>The results folder, or a PostgreSQL of a saved connection, which knows its runs by name.</source>
        <translation>結果フォルダー、または保存された接続の PostgreSQL (実行を名前で記録しています)。</translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>結果フォルダー</translation>
    </message>
    <message>
        <source>Asking %1 for its runs…</source>
        <translation>%1 に実行を問い合わせています…</translation>
    </message>
    <message>
        <source>No run is known there.</source>
        <translation>そこに記録されている実行はありません。</translation>
    </message>
    <message>
        <source>Compares two to five chosen runs; the oldest one is the reference, unless one of them is the baseline. A single run is compared with the baseline of its name.</source>
        <translation>選択した 2～5 件の実行を比較します。基準は最も古い実行ですが、ベースラインが含まれる場合はそれが基準になります。1 件だけの場合は、その名前のベースラインと比較します。</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>フォルダーを表示(&amp;F)</translation>
    </message>
    <message>
        <source>Opens the folder of the chosen run.</source>
        <translation>選択した実行のフォルダーを開きます。</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>エクスポート(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>HTML（1 ファイル）(&amp;H)…</translation>
    </message>
    <message>
        <source>Figures as &amp;CSV…</source>
        <translation>数値を CSV で保存(&amp;C)…</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>概要を &amp;Markdown で…</translation>
    </message>
    <message>
        <source>This run does not lie in the results folder, so it is not listed here.</source>
        <translation>この実行は結果フォルダーにないため、ここには一覧表示されません。</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>比較の保存</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>%1 として保存しました。</translation>
    </message>
</context>
<context>
    <name>app::ItemColumns</name>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>What rules, charts and reports call the stream.</source>
        <translation>ルール、グラフ、レポートで使うストリームの名前です。</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>ティア</translation>
    </message>
    <message>
        <source>How the stream&apos;s events travel: critical at once, normal after a short wait, analytics in large batches.</source>
        <translation>ストリームのイベントの運び方です：critical は即時、normal は短く待ってから、analytics は大きなバッチで送ります。</translation>
    </message>
    <message>
        <source>Arrival</source>
        <translation>到着</translation>
    </message>
    <message>
        <source>even: at equal distances; poisson: at random, with the same totals.</source>
        <translation>even：等間隔。poisson：ランダム（合計は同じ）。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>開始</translation>
    </message>
    <message>
        <source>When the stream begins, counted from the end of the warm-up.</source>
        <translation>ストリームが始まる時点です。ウォームアップの終わりから数えます。</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>ステージ</translation>
    </message>
    <message>
        <source>The stretches of the stream&apos;s load, one after the other. The table below changes them.</source>
        <translation>ストリームの負荷を構成する区間で、順に続きます。下の表で変更します。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>constant, ramp to a rate, pause, spike up and back, staircase, or sine.</source>
        <translation>constant（一定）、ramp（あるレートまで徐々に変化）、pause（休止）、spike（急上昇して戻る）、staircase（階段状）、sine（正弦波）のいずれかです。</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>長さ</translation>
    </message>
    <message>
        <source>How long the stage takes; of a staircase, how long each step does.</source>
        <translation>ステージの長さです。staircase では 1 段の長さです。</translation>
    </message>
    <message>
        <source>Rate, to</source>
        <translation>レート（到達値）</translation>
    </message>
    <message>
        <source>Events per second: the rate of a constant stage, the rate that a ramp, spike or staircase leads to, the mean of a sine.</source>
        <translation>1 秒あたりのイベント数です。constant ではそのレート、ramp、spike、staircase では到達するレート、sine では平均です。</translation>
    </message>
    <message>
        <source>From</source>
        <translation>開始値</translation>
    </message>
    <message>
        <source>The first step of a staircase.</source>
        <translation>staircase の最初の段です。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>段数</translation>
    </message>
    <message>
        <source>How many steps a staircase has.</source>
        <translation>staircase の段数です。</translation>
    </message>
    <message>
        <source>Amplitude</source>
        <translation>振幅</translation>
    </message>
    <message>
        <source>How far a sine swings around its mean.</source>
        <translation>sine が平均を中心に振れる幅です。</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>周期</translation>
    </message>
    <message>
        <source>How long one swing of a sine takes.</source>
        <translation>sine の 1 周期の長さです。</translation>
    </message>
    <message>
        <source>Stop at once</source>
        <translation>即時停止</translation>
    </message>
    <message>
        <source>Whether the run stops as soon as the rule is broken.</source>
        <translation>ルールに違反したら、すぐに実行を停止するかどうかを指定します。</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>ルール</translation>
    </message>
    <message>
        <source>What must hold, such as: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</source>
        <translation>満たすべき条件です。例：end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0。</translation>
    </message>
    <message>
        <source>During</source>
        <translation>対象区間</translation>
    </message>
    <message>
        <source>A stream&apos;s name or warmup; nothing: the whole measured part.</source>
        <translation>ストリームの名前または warmup です。空欄の場合は測定区間全体です。</translation>
    </message>
    <message>
        <source>Last run</source>
        <translation>前回の実行</translation>
    </message>
    <message>
        <source>What this rule looks at, as the last run of this scenario measured it.</source>
        <translation>このルールが見る値です。このシナリオの前回の実行で測定されました。</translation>
    </message>
</context>
<context>
    <name>app::ItemTable</name>
    <message>
        <source>Add</source>
        <translation>追加</translation>
    </message>
    <message>
        <source>Adds one behind the chosen one.</source>
        <translation>選択した項目の後ろに 1 つ追加します。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
    </message>
    <message>
        <source>Adds a copy behind the chosen one.</source>
        <translation>選択した項目の後ろにコピーを追加します。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>Removes the chosen one (Delete).</source>
        <translation>選択した項目を削除します（Delete）。</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上へ</translation>
    </message>
    <message>
        <source>Moves the chosen one up (Alt+Up).</source>
        <translation>選択した項目を上に移動します（Alt+↑）。</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下へ</translation>
    </message>
    <message>
        <source>Moves the chosen one down (Alt+Down).</source>
        <translation>選択した項目を下に移動します（Alt+↓）。</translation>
    </message>
</context>
<context>
    <name>app::KeychainSecretStore</name>
    <message>
        <source>The desktop&apos;s keychain refuses: %1</source>
        <translation>デスクトップのキーチェーンに拒否されました：%1</translation>
    </message>
</context>
<context>
    <name>app::LagCharts</name>
    <message>
        <source>Lag</source>
        <translation>ラグ</translation>
    </message>
    <message>
        <source>events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>lag</source>
        <translation>ラグ</translation>
    </message>
    <message>
        <source>Age of the first message that waits</source>
        <translation>待機中の最初のメッセージの経過時間</translation>
    </message>
    <message>
        <source>age</source>
        <translation>経過時間</translation>
    </message>
    <message>
        <source>The lag of the chosen group appears here.</source>
        <translation>選択したグループのラグがここに表示されます。</translation>
    </message>
</context>
<context>
    <name>app::LatencyChart</name>
    <message>
        <source>from the due time</source>
        <translation>予定時刻から</translation>
    </message>
    <message>
        <source>from the actual send</source>
        <translation>実際の送信から</translation>
    </message>
    <message>
        <source>p%1 %2</source>
        <translation>p%1 %2</translation>
    </message>
    <message>
        <source>highest %1</source>
        <translation>最大 %1</translation>
    </message>
    <message>
        <source>%1: %2, of %3 values.</source>
        <translation>%1：%2（値 %3 個）。</translation>
    </message>
</context>
<context>
    <name>app::LevelChart</name>
    <message>
        <source>Events found by level</source>
        <translation>見つかったイベント（レベル別）</translation>
    </message>
    <message>
        <source>The events that a search finds are counted here over time, by level.</source>
        <translation>検索で見つかったイベントの数が、時間ごと、レベル別にここに表示されます。</translation>
    </message>
    <message>
        <source>%1, from %2 on: %3.</source>
        <translation>%1、%2 以降：%3。</translation>
    </message>
    <message>
        <source>time after %1 (s)</source>
        <translation>%1 からの時間 (s)</translation>
    </message>
</context>
<context>
    <name>app::LiveCharts</name>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>エンドツーエンドのレイテンシのヒストグラム</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>エンドツーエンドのレイテンシのパーセンタイル</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>ヒストグラム</translation>
    </message>
    <message>
        <source>Percentiles</source>
        <translation>パーセンタイル</translation>
    </message>
    <message>
        <source>last 10 seconds</source>
        <translation>直近 10 秒</translation>
    </message>
    <message>
        <source>whole run</source>
        <translation>実行全体</translation>
    </message>
    <message>
        <source>Part of the run whose latencies are shown</source>
        <translation>レイテンシを表示する区間</translation>
    </message>
    <message>
        <source>Waiting for the first events.</source>
        <translation>最初のイベントを待っています。</translation>
    </message>
    <message>
        <source>Nothing was stored in the last 10 seconds.</source>
        <translation>直近 10 秒間に保存されたものはありません。</translation>
    </message>
</context>
<context>
    <name>app::LivePage</name>
    <message>
        <source>Rates, latencies, the backlog and the ledger of a run appear here as soon as one is started.</source>
        <translation>実行を開始すると、そのレート、レイテンシ、バックログ、台帳がここに表示されます。</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>シナリオを選択</translation>
    </message>
    <message>
        <source>Ledger of the run&apos;s events</source>
        <translation>実行のイベントの台帳</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>台帳</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>What happened, the newest first</source>
        <translation>発生した出来事（新しい順）</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>ストリーム</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>フィルター</translation>
    </message>
    <message>
        <source>What the duplicate filter caught</source>
        <translation>重複フィルターが捕捉したもの</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重複</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>数値</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>ホスト</translation>
    </message>
    <message>
        <source>Resources of this process and of the machine</source>
        <translation>このプロセスとマシンのリソース</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>エラー</translation>
    </message>
    <message>
        <source>Errors and warnings by kind</source>
        <translation>種類別のエラーと警告</translation>
    </message>
    <message>
        <source>The run did not start.</source>
        <translation>実行は開始されませんでした。</translation>
    </message>
    <message>
        <source>Back to the scenario</source>
        <translation>シナリオに戻る</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再試行</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>グラフ</translation>
    </message>
    <message>
        <source>Streams that the charts show</source>
        <translation>グラフに表示するストリーム</translation>
    </message>
    <message>
        <source>all streams</source>
        <translation>すべてのストリーム</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>ルール</translation>
    </message>
    <message>
        <source>How the rules stand</source>
        <translation>ルールの状況</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>デーモン</translation>
    </message>
    <message>
        <source>How the daemons of the run stand</source>
        <translation>実行のデーモンの状況</translation>
    </message>
</context>
<context>
    <name>app::LiveTables</name>
    <message>
        <source>Known when the ledger is closed, at the end of the run.</source>
        <translation>実行の終わりに台帳が締められると判明します。</translation>
    </message>
    <message>
        <source>Too few events for this percentile since the last look.</source>
        <translation>前回の更新以降、このパーセンタイルを求めるにはイベントが少なすぎます。</translation>
    </message>
    <message>
        <source>Of %1 events.</source>
        <translation>%1 件のイベントが対象です。</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目標</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>送信済み</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>ACK 済み</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>保存済み</translation>
    </message>
    <message>
        <source>Send delay p99</source>
        <translation>送信遅延 p99</translation>
    </message>
    <message>
        <source>Ack p99</source>
        <translation>ACK p99</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>エンドツーエンド p99</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>計画</translation>
    </message>
    <message>
        <source>Events that have become due so far.</source>
        <translation>スケジュール上、これまでに予定時刻に達したイベントです。</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>送信済み</translation>
    </message>
    <message>
        <source>Handed to the broker&apos;s client.</source>
        <translation>ブローカーのクライアントに渡されました。</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>ACK 済み</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>ブローカーが受領を確認しました。</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>キュー中</translation>
    </message>
    <message>
        <source>Sent, and not yet reported on.</source>
        <translation>送信済みで、結果がまだ報告されていません。</translation>
    </message>
    <message>
        <source>unsent</source>
        <translation>未送信</translation>
    </message>
    <message>
        <source>Could not be handed over within the tier&apos;s deadline, or before the end.</source>
        <translation>ティアの期限内、または終了までに渡せませんでした。</translation>
    </message>
    <message>
        <source>shed</source>
        <translation>破棄</translation>
    </message>
    <message>
        <source>Events of the analytics tier that found no room for half a second and were given up.</source>
        <translation>0.5 秒間空きがなかったため破棄された、analytics ティアのイベントです。</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Surely not persisted by the broker.</source>
        <translation>ブローカーに確実に永続化されていません。</translation>
    </message>
    <message>
        <source>in doubt</source>
        <translation>不確定</translation>
    </message>
    <message>
        <source>Possibly persisted: the broker&apos;s answer was lost.</source>
        <translation>永続化された可能性があります。ブローカーの応答が失われました。</translation>
    </message>
    <message>
        <source>polled</source>
        <translation>読み取り済み</translation>
    </message>
    <message>
        <source>Read by the consumers, in committed batches.</source>
        <translation>コミット済みのバッチで、コンシューマーが読み取りました。</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>保存済み</translation>
    </message>
    <message>
        <source>Committed in the store.</source>
        <translation>ストアにコミットされました。</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>重複</translation>
    </message>
    <message>
        <source>Came twice and was stored once.</source>
        <translation>2 回届き、1 回だけ保存されました。</translation>
    </message>
    <message>
        <source>dead-lettered</source>
        <translation>デッドレター</translation>
    </message>
    <message>
        <source>Could not be read; kept with its bytes.</source>
        <translation>読み取れなかったため、元のバイト列のまま保管されています。</translation>
    </message>
    <message>
        <source>foreign</source>
        <translation>外部</translation>
    </message>
    <message>
        <source>Not generated by this run.</source>
        <translation>この実行が生成したものではありません。</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>消失</translation>
    </message>
    <message>
        <source>Acknowledged by the broker and never stored: must be 0.</source>
        <translation>ブローカーが受領を確認したのに保存されませんでした。0 でなければなりません。</translation>
    </message>
    <message>
        <source>doubled</source>
        <translation>二重保存</translation>
    </message>
    <message>
        <source>Stored twice: must be 0.</source>
        <translation>2 回保存されました。0 でなければなりません。</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>ストリーム</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>ティア</translation>
    </message>
    <message>
        <source>Share of all duplicates that the filter caught before the database had to look.</source>
        <translation>全重複のうち、データベースが調べる前にフィルターが捕捉した割合です。</translation>
    </message>
    <message>
        <source>caught by the filter</source>
        <translation>フィルターが捕捉</translation>
    </message>
    <message>
        <source>Known to the duplicate filter: database work saved.</source>
        <translation>重複フィルターに記録がありました。データベースの処理が省かれます。</translation>
    </message>
    <message>
        <source>caught within a batch</source>
        <translation>バッチ内で捕捉</translation>
    </message>
    <message>
        <source>Twice in one batch.</source>
        <translation>1 つのバッチに 2 回含まれていました。</translation>
    </message>
    <message>
        <source>caught by the database</source>
        <translation>データベースが捕捉</translation>
    </message>
    <message>
        <source>Found by the primary key.</source>
        <translation>主キーによって見つかりました。</translation>
    </message>
    <message>
        <source>hit ratio</source>
        <translation>ヒット率</translation>
    </message>
    <message>
        <source>No duplicate has come yet.</source>
        <translation>重複はまだ届いていません。</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>照会なし</translation>
    </message>
    <message>
        <source>Events stored without asking the filter, because it was unavailable.</source>
        <translation>フィルターが利用できず、照会せずに保存したイベントです。</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Processor cores in use by this process.</source>
        <translation>このプロセスが使用中のプロセッサコア数です。</translation>
    </message>
    <message>
        <source>Processor cores in use on the whole machine, of those there are.</source>
        <translation>マシン全体で使用中のプロセッサコア数と、全コア数です。</translation>
    </message>
    <message>
        <source>CPU of this process</source>
        <translation>このプロセスの CPU</translation>
    </message>
    <message>
        <source>CPU of the machine</source>
        <translation>マシンの CPU</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>memory of this process</source>
        <translation>このプロセスのメモリ</translation>
    </message>
    <message>
        <source>memory available</source>
        <translation>空きメモリ</translation>
    </message>
    <message>
        <source>disk written</source>
        <translation>ディスク書き込み</translation>
    </message>
    <message>
        <source>network in</source>
        <translation>ネットワーク受信</translation>
    </message>
    <message>
        <source>network out</source>
        <translation>ネットワーク送信</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>回数</translation>
    </message>
    <message>
        <source>First</source>
        <translation>最初</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>最後</translation>
    </message>
    <message>
        <source>At</source>
        <translation>時点</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>出来事</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, dead-lettered %4; since the start.</source>
        <translation>未送信 %1、失敗 %2、不確定 %3、デッドレター %4（開始以降）。</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>エラー</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>直近 1 分</translation>
    </message>
    <message>
        <source>Stored events per second.</source>
        <translation>1 秒あたりの保存済みイベント数です。</translation>
    </message>
    <message>
        <source>Not known: nobody consumes.</source>
        <translation>不明：誰も消費していません。</translation>
    </message>
    <message>
        <source>Not known: somebody else&apos;s program consumes, and only its table tells of it.</source>
        <translation>不明：第三者のプログラムが消費しており、そのテーブルからしかわかりません。</translation>
    </message>
</context>
<context>
    <name>app::LoadCurveChart</name>
    <message>
        <source>Planned load</source>
        <translation>計画された負荷</translation>
    </message>
    <message>
        <source>The load over time will be drawn here once the scenario is complete.</source>
        <translation>シナリオが完成すると、時間ごとの負荷がここに描かれます。</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>total</source>
        <translation>合計</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>その他 %1 件</translation>
    </message>
</context>
<context>
    <name>app::LoadFigures</name>
    <message>
        <source>about %1</source>
        <translation>約 %1</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>Events of all streams&apos; stages, by the schedule that will run; the warm-up&apos;s are apart.</source>
        <translation>実際に使われるスケジュールでの、全ストリームのステージのイベントです。ウォームアップの分は別に数えます。</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>Events before the stages, left out of the verdict but not of the ledger.</source>
        <translation>ステージの前のイベントです。判定からは除かれますが、台帳には含まれます。</translation>
    </message>
    <message>
        <source>Peak rate</source>
        <translation>ピークレート</translation>
    </message>
    <message>
        <source>The highest rate of all streams together.</source>
        <translation>全ストリームを合わせた最大のレートです。</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>長さ</translation>
    </message>
    <message>
        <source>Of warm-up and stages; the drain comes after.</source>
        <translation>ウォームアップとステージの長さです。ドレインはその後に続きます。</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>ペイロード</translation>
    </message>
    <message>
        <source>The bytes of all encoded events, uncompressed.</source>
        <translation>エンコード済みの全イベントのバイト数です（非圧縮）。</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>ディスク</translation>
    </message>
    <message>
        <source>Stored rows of about 250 B each, and about 40 B each of the primary key&apos;s index.</source>
        <translation>保存される行が 1 行あたり約 250 B、主キーのインデックスが 1 行あたり約 40 B です。</translation>
    </message>
    <message>
        <source>Redis memory</source>
        <translation>Redis のメモリ</translation>
    </message>
    <message>
        <source>About 100 B for each id that is remembered at the same time: events within dedupe.ttl.</source>
        <translation>同時に記憶する ID（dedupe.ttl 以内のイベント）1 つあたり約 100 B です。</translation>
    </message>
    <message>
        <source>Not known: the scenario has problems.</source>
        <translation>不明：シナリオに問題があります。</translation>
    </message>
</context>
<context>
    <name>app::LogDetails</name>
    <message>
        <source>%1 · %2 · %3 · trace %4
id %5 · processed %6</source>
        <translation>%1 · %2 · %3 · トレース %4
id %5 · 処理 %6</translation>
    </message>
    <message>
        <source>
The message goes on; the store holds all of it, and the first 65,536 characters are shown.</source>
        <translation>
メッセージには続きがあります。全体はストアにあり、ここには先頭の 65,536 文字が表示されます。</translation>
    </message>
    <message>
        <source>Fields of the chosen event</source>
        <translation>選択したイベントのフィールド</translation>
    </message>
    <message>
        <source>Message of the chosen event</source>
        <translation>選択したイベントのメッセージ</translation>
    </message>
    <message>
        <source>Copy messa&amp;ge</source>
        <translation>メッセージをコピー(&amp;G)</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>メッセージをコピー</translation>
    </message>
    <message>
        <source>Copy all fields of the event</source>
        <translation>イベントの全フィールドをコピー</translation>
    </message>
    <message>
        <source>Choose an event to read all of it here.</source>
        <translation>イベントを選ぶと、全文がここに表示されます。</translation>
    </message>
    <message>
        <source>due %1 · sent – · acked – · polled – · stored %2 after it was due</source>
        <translation>予定 %1 · 送信 – · ACK – · 読み取り – · 保存は予定時刻の %2 後</translation>
    </message>
    <message>
        <source>When an event was due stands in its id; when it was stored is the time that the store noted with its batch, by its own clock. When it was sent, acked and polled is counted for all events together and kept with none.</source>
        <translation>イベントの予定時刻は ID に含まれています。保存時刻は、ストアが自身の時計でバッチとともに記録したものです。送信、ACK、読み取りの時刻は全イベントをまとめて集計され、個々のイベントには残りません。</translation>
    </message>
    <message>
        <source>Copy a&amp;ll</source>
        <translation>すべてコピー(&amp;L)</translation>
    </message>
</context>
<context>
    <name>app::LogFilterBar</name>
    <message>
        <source>Store to search</source>
        <translation>検索するストア</translation>
    </message>
    <message>
        <source>Where the events were stored: a run&apos;s own file, or the PostgreSQL of a connection.</source>
        <translation>イベントの保存先です。実行ごとのファイル、または接続の PostgreSQL です。</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>発生元</translation>
    </message>
    <message>
        <source>Names of sources as they were stored, with commas between them. Empty: all.</source>
        <translation>保存されたとおりの発生元の名前です。コンマで区切ります。空欄の場合はすべてです。</translation>
    </message>
    <message>
        <source>all sources</source>
        <translation>すべての発生元</translation>
    </message>
    <message>
        <source>Text in the message</source>
        <translation>メッセージ内のテキスト</translation>
    </message>
    <message>
        <source>Found anywhere in the message, in upper or lower case. %, _ and * stand for themselves.</source>
        <translation>メッセージ内のどこにあっても、大文字小文字を問わず見つかります。%、_、* は文字そのものとして扱われます。</translation>
    </message>
    <message>
        <source>anything</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>検索</translation>
    </message>
    <message>
        <source>Looks for the newest events that fit.</source>
        <translation>条件に合う最新のイベントを探します。</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>停止(&amp;P)</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>検索を停止</translation>
    </message>
    <message>
        <source>Ends the search; what was found stays.</source>
        <translation>検索を終えます。見つかったものは残ります。</translation>
    </message>
    <message>
        <source>Te&amp;xt</source>
        <translation>テキスト(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Clear filters</source>
        <translation>フィルターをクリア(&amp;C)</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>フィルターをクリア</translation>
    </message>
    <message>
        <source>Any source, level, time and text again.</source>
        <translation>発生元、レベル、時刻、テキストの条件をすべて解除します。</translation>
    </message>
    <message>
        <source>Level %1</source>
        <translation>レベル %1</translation>
    </message>
    <message>
        <source>Only the levels that are ticked; none ticked: all.</source>
        <translation>チェックを付けたレベルだけが対象です。1 つも付いていない場合はすべてが対象です。</translation>
    </message>
    <message>
        <source>Local time, compared with the time in an event&apos;s id (when it was due). Events whose id is no UUID of version 7 hold no such time: they are found without times only.</source>
        <translation>ローカル時刻です。イベントの ID に含まれる時刻（予定時刻）と比較されます。ID がバージョン 7 の UUID でないイベントにはこの時刻がないため、時刻を指定しない場合にだけ見つかります。</translation>
    </message>
    <message>
        <source>Only from a time on</source>
        <translation>この時刻以降に限定</translation>
    </message>
    <message>
        <source>From</source>
        <translation>開始時刻</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>終了時刻(&amp;T)</translation>
    </message>
    <message>
        <source>Only before a time</source>
        <translation>この時刻より前に限定</translation>
    </message>
    <message>
        <source>To</source>
        <translation>終了時刻</translation>
    </message>
    <message>
        <source>Se&amp;arch</source>
        <translation>検索(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Store</source>
        <translation>ストア(&amp;S)</translation>
    </message>
    <message>
        <source>So&amp;urce</source>
        <translation>発生元(&amp;U)</translation>
    </message>
    <message>
        <source>Fr&amp;om</source>
        <translation>開始時刻(&amp;O)</translation>
    </message>
</context>
<context>
    <name>app::LogRowsModel</name>
    <message>
        <source>%1 UTC</source>
        <translation>%1 UTC</translation>
    </message>
    <message>
        <source>The store holds a time here that no calendar of ours has.</source>
        <translation>ストアのこの時刻は、扱える暦の範囲にありません。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時刻</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>レベル</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>発生元</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>メッセージ</translation>
    </message>
</context>
<context>
    <name>app::LogsPage</name>
    <message>
        <source>Logs</source>
        <translation>ログ</translation>
    </message>
    <message>
        <source>Why the search failed</source>
        <translation>検索が失敗した理由</translation>
    </message>
    <message>
        <source>Events that were found, the newest first</source>
        <translation>見つかったイベント（新しい順）</translation>
    </message>
    <message>
        <source>State of the search</source>
        <translation>検索の状態</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>さらに検索(&amp;M)</translation>
    </message>
    <message>
        <source>Search further back</source>
        <translation>さらに過去を検索</translation>
    </message>
    <message>
        <source>Goes on where the search has stopped, towards older events.</source>
        <translation>検索が止まったところから、より古いイベントへ続けます。</translation>
    </message>
    <message>
        <source>Events that were stored can be searched here, but there is no store yet: run a scenario, or save a connection to a PostgreSQL.</source>
        <translation>保存されたイベントをここで検索できますが、まだストアがありません。シナリオを実行するか、PostgreSQL への接続を保存してください。</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>「接続」へ移動</translation>
    </message>
    <message>
        <source>Events that were stored appear here, the newest first, once you search.</source>
        <translation>検索すると、保存されたイベントが新しい順にここに表示されます。</translation>
    </message>
    <message>
        <source>Search now</source>
        <translation>今すぐ検索</translation>
    </message>
    <message>
        <source>Asking for what %1 needs to let us in…</source>
        <translation>%1 へのログインに必要な情報を取得しています…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>検索しています…</translation>
    </message>
    <message>
        <source>Searching further back…</source>
        <translation>さらに過去を検索しています…</translation>
    </message>
    <message>
        <source>Stopped. Rows shown: %1.</source>
        <translation>停止しました。表示行数：%1。</translation>
    </message>
    <message>
        <source>No event matches the filters.</source>
        <translation>条件に合うイベントは保存されていません。</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>フィルターをクリア</translation>
    </message>
    <message>
        <source>ids without a time</source>
        <translation>時刻のない ID</translation>
    </message>
    <message>
        <source>Rows shown: %1, which is all that this page keeps. Narrow the search, or set To to %2, for older ones.</source>
        <translation>表示行数：%1（このページに保持できる上限）。より古いものを見るには、検索を絞り込むか、「終了時刻」を %2 にしてください。</translation>
    </message>
    <message>
        <source>Rows shown: %1. There are no older ones that fit.</source>
        <translation>表示行数：%1。条件に合うより古いものはありません。</translation>
    </message>
    <message>
        <source>Rows shown: %1, back to %2. There may be more.</source>
        <translation>表示行数：%1（%2 まで）。まだ続きがある可能性があります。</translation>
    </message>
    <message>
        <source>Rows shown: %1. A million rows were looked at, back to %2; More goes on.</source>
        <translation>表示行数：%1。100 万行を %2 まで調べました。「さらに検索」で続けられます。</translation>
    </message>
    <message>
        <source>Rows shown: %1. Time was up at %2; More goes on.</source>
        <translation>表示行数：%1。%2 で制限時間に達しました。「さらに検索」で続けられます。</translation>
    </message>
    <message>
        <source>The search failed: %1</source>
        <translation>検索に失敗しました：%1</translation>
    </message>
    <message>
        <source>Follo&amp;w</source>
        <translation>追従(&amp;W)</translation>
    </message>
    <message>
        <source>Follow the newest events</source>
        <translation>最新のイベントに追従</translation>
    </message>
    <message>
        <source>Asks again for the newest events that fit, about once a second, until it is pressed again.</source>
        <translation>もう一度押すまで、条件に合う最新のイベントを約 1 秒ごとに問い合わせ直します。</translation>
    </message>
    <message>
        <source>Sa&amp;ve as CSV…</source>
        <translation>CSV として保存(&amp;V)…</translation>
    </message>
    <message>
        <source>Save the events as CSV</source>
        <translation>イベントを CSV として保存</translation>
    </message>
    <message>
        <source>Writes the events that are shown, with all their fields, to a file.</source>
        <translation>表示中のイベントを、すべてのフィールドとともにファイルに書き込みます。</translation>
    </message>
    <message>
        <source>Following. Rows shown: %1, the newest that fit.</source>
        <translation>追従中です。表示行数：%1（条件に合う最新のもの）。</translation>
    </message>
    <message>
        <source>Save the events</source>
        <translation>イベントの保存</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV の表 (*.csv)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>%1 として保存しました。</translation>
    </message>
</context>
<context>
    <name>app::MainWindow</name>
    <message>
        <source>Scenario</source>
        <translation>シナリオ</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>ライブ</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>レポート</translation>
    </message>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>ログ</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>接続</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>A run is on</source>
        <translation>実行中です</translation>
    </message>
    <message>
        <source>Stop the run, store what was sent, and close the window when the ledger is closed?</source>
        <translation>実行を停止し、送信済みのイベントを保存して、台帳が締められたらウィンドウを閉じますか？</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>編集(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>ファイル(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>終了(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>実行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>ヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;About Millrace</source>
        <translation>Millrace について(&amp;A)</translation>
    </message>
    <message>
        <source>About Millrace</source>
        <translation>Millrace について</translation>
    </message>
    <message>
        <source>Millrace %1 load-tests log pipelines and ends every run with a verdict.

License: GNU General Public License, version 3 or later.</source>
        <translation>Millrace %1 はログパイプラインの負荷テストを行い、すべての実行を判定で締めくくります。

ライセンス：GNU General Public License バージョン 3 またはそれ以降。</translation>
    </message>
    <message>
        <source>broker</source>
        <translation>ブローカー</translation>
    </message>
    <message>
        <source>store</source>
        <translation>ストア</translation>
    </message>
    <message>
        <source>duplicate filter</source>
        <translation>重複フィルター</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>実行 %1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>&apos;%1&apos; of %2</source>
        <translation>「%1」(%2)</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) were killed before their ledgers were closed. Their journals hold what was recorded.</source>
        <translation>
            <numerusform>台帳が締められる前に %n 件の実行が強制終了されました。ジャーナルの内容は残っています。</numerusform>
        </translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>後で</translation>
    </message>
    <message>
        <source>The run %1 was killed before its ledger was closed. Its journal holds what was recorded.</source>
        <translation>台帳が締められる前に実行 %1 が強制終了されました。ジャーナルの内容は残っています。</translation>
    </message>
    <message>
        <source>Open what was recorded</source>
        <translation>記録を開く</translation>
    </message>
    <message>
        <source>Finish it</source>
        <translation>締める</translation>
    </message>
    <message>
        <source>The run %1 can be finished when the one that is on is over.</source>
        <translation>実行 %1 は、現在の実行が終わってから締めることができます。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>The run %1 is being finished: what its broker still holds is stored.</source>
        <translation>実行 %1 を締めています。ブローカーに残っているイベントを保存しています。</translation>
    </message>
    <message>
        <source>The run %1 could not be finished. %2</source>
        <translation>実行 %1 を締められませんでした。%2</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再試行</translation>
    </message>
    <message>
        <source>connection</source>
        <translation>接続</translation>
    </message>
    <message>
        <source>&amp;Contents</source>
        <translation>目次(&amp;C)</translation>
    </message>
    <message>
        <source>A killed run is being finished. Start this one when that is over.</source>
        <translation>強制終了された実行を締めています。それが終わってから開始してください。</translation>
    </message>
    <message>
        <source>The run %1 is being finished with what its journal holds.</source>
        <translation>実行 %1 を、ジャーナルに残る内容で締めています。</translation>
    </message>
    <message>
        <source>%1 % – %2 on %3 – Millrace</source>
        <translation>%1 % – %2 – 宛先: %3 – Millrace</translation>
    </message>
    <message>
        <source>%1%2 on %3 – Millrace</source>
        <translation>%1%2 – 宛先: %3 – Millrace</translation>
    </message>
    <message>
        <source>Where Start sends the load</source>
        <translation>「開始」が負荷を送る先</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>宛先: %1</translation>
    </message>
    <message>
        <source>Start sends the load to: %1</source>
        <translation>「開始」は負荷を次へ送ります: %1</translation>
    </message>
    <message>
        <source>Load on other hosts</source>
        <translation>他のホストへの負荷</translation>
    </message>
    <message>
        <source>This run sends its load to %1. Start it?</source>
        <translation>この実行は負荷を %1 へ送ります。開始しますか。</translation>
    </message>
    <message>
        <source>This is asked once for these servers.</source>
        <translation>これらのサーバーについては一度だけ確認します。</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>実行を開始(&amp;S)</translation>
    </message>
    <message>
        <source>O&amp;pen a result…</source>
        <translation>結果を開く(&amp;P)…</translation>
    </message>
    <message>
        <source>Store of this run</source>
        <translation>この実行のストア</translation>
    </message>
    <message>
        <source>View</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>モニター</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>A&amp;udit a table…</source>
        <translation>テーブルを監査(&amp;U)…</translation>
    </message>
    <message>
        <source>Broker of this run</source>
        <translation>この実行のブローカー</translation>
    </message>
</context>
<context>
    <name>app::MarkText</name>
    <message>
        <source>warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>準備</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>ステージ</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>ドレイン</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>フェーズ</translation>
    </message>
    <message>
        <source>burst</source>
        <translation>バースト</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>レート変更</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>rebalance</source>
        <translation>リバランス</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>障害</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>回復</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>ルール違反</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>error</source>
        <translation>エラー</translation>
    </message>
    <message>
        <source>message</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>outage</source>
        <translation>障害</translation>
    </message>
</context>
<context>
    <name>app::MessageDetails</name>
    <message>
        <source>There is no payload: in a compacted topic this deletes the key.</source>
        <translation>ペイロードがありません。コンパクション対象のトピックでは、これによってキーが削除されます。</translation>
    </message>
    <message>
        <source>
… The payload goes on: it has %1, and its beginning is shown.</source>
        <translation>
… ペイロードには続きがあります。全体は %1 で、ここには先頭部分が表示されます。</translation>
    </message>
    <message>
        <source>%1 · partition %2 · offset %3 · %4 · key %5</source>
        <translation>%1 · パーティション %2 · オフセット %3 · %4 · キー %5</translation>
    </message>
    <message>
        <source>no payload</source>
        <translation>ペイロードなし</translation>
    </message>
    <message>
        <source>Place, size and key of the chosen message</source>
        <translation>選択したメッセージの位置、サイズ、キー</translation>
    </message>
    <message>
        <source>Payload of the chosen message</source>
        <translation>選択したメッセージのペイロード</translation>
    </message>
    <message>
        <source>Bytes of the chosen message&apos;s payload</source>
        <translation>選択したメッセージのペイロードのバイト列</translation>
    </message>
    <message>
        <source>Headers of the chosen message</source>
        <translation>選択したメッセージのヘッダー</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>値</translation>
    </message>
    <message>
        <source>Ways to read the chosen message</source>
        <translation>選択したメッセージの表示方法</translation>
    </message>
    <message>
        <source>Formatted</source>
        <translation>整形</translation>
    </message>
    <message>
        <source>Original bytes</source>
        <translation>元のバイト列</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>ヘッダー</translation>
    </message>
    <message>
        <source>Cop&amp;y message</source>
        <translation>メッセージをコピー(&amp;Y)</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>メッセージをコピー</translation>
    </message>
    <message>
        <source>All of it as a line of JSON: place, time, key, headers and payload.</source>
        <translation>位置、時刻、キー、ヘッダー、ペイロードのすべてを 1 行の JSON としてコピーします。</translation>
    </message>
    <message>
        <source>Copy &amp;key</source>
        <translation>キーをコピー(&amp;K)</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>キーをコピー</translation>
    </message>
    <message>
        <source>As text; bytes that are no text as base64.</source>
        <translation>テキストとしてコピーします。テキストでないバイト列は base64 になります。</translation>
    </message>
    <message>
        <source>Copy &amp;value</source>
        <translation>値をコピー(&amp;V)</translation>
    </message>
    <message>
        <source>Copy the value</source>
        <translation>値をコピー</translation>
    </message>
    <message>
        <source>The payload as it is; bytes that are no text as base64.</source>
        <translation>ペイロードをそのままコピーします。テキストでないバイト列は base64 になります。</translation>
    </message>
    <message>
        <source>Save value…</source>
        <translation>値を保存…</translation>
    </message>
    <message>
        <source>Save the value to a file</source>
        <translation>値をファイルに保存</translation>
    </message>
    <message>
        <source>Writes the payload, byte by byte, to a file.</source>
        <translation>ペイロードをバイト単位でそのままファイルに書き込みます。</translation>
    </message>
    <message>
        <source>Headers (%1)</source>
        <translation>ヘッダー (%1)</translation>
    </message>
    <message>
        <source>Choose a message to read all of it here.</source>
        <translation>メッセージを選ぶと、全文がここに表示されます。</translation>
    </message>
</context>
<context>
    <name>app::MessageFilterBar</name>
    <message>
        <source>What is wrong with the filter</source>
        <translation>フィルターの問題点</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>接続</translation>
    </message>
    <message>
        <source>The Kafka cluster of a saved connection, or that of the last run.</source>
        <translation>保存された接続の Kafka クラスター、または前回の実行のクラスターです。</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>トピック</translation>
    </message>
    <message>
        <source>The topic to read. Choose one from the list, or type its name.</source>
        <translation>読み取るトピックです。一覧から選ぶか、名前を入力します。</translation>
    </message>
    <message>
        <source>name of a topic</source>
        <translation>トピックの名前</translation>
    </message>
    <message>
        <source>Name of the topic</source>
        <translation>トピックの名前</translation>
    </message>
    <message>
        <source>&amp;List topics</source>
        <translation>トピックを一覧表示(&amp;L)</translation>
    </message>
    <message>
        <source>List the topics</source>
        <translation>トピックを一覧表示</translation>
    </message>
    <message>
        <source>Asks the cluster which topics there are.</source>
        <translation>どのトピックがあるかをクラスターに問い合わせます。</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>パーティション</translation>
    </message>
    <message>
        <source>One partition alone, or all of them together, in the order of their messages&apos; times.</source>
        <translation>1 つのパーティションだけ、または全パーティションをまとめて、メッセージの時刻順に表示します。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Co&amp;nnection</source>
        <translation>接続(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Topic</source>
        <translation>トピック(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Partition</source>
        <translation>パーティション(&amp;P)</translation>
    </message>
    <message>
        <source>Where to begin</source>
        <translation>開始位置</translation>
    </message>
    <message>
        <source>Where the reading begins. What comes after the last message is shown as it comes.</source>
        <translation>読み取りを始める位置です。最後のメッセージより後に届くものは、届きしだい表示されます。</translation>
    </message>
    <message>
        <source>what comes now</source>
        <translation>今後届くもの</translation>
    </message>
    <message>
        <source>the oldest message</source>
        <translation>最も古いメッセージ</translation>
    </message>
    <message>
        <source>the last messages</source>
        <translation>最後のメッセージ</translation>
    </message>
    <message>
        <source>an offset</source>
        <translation>オフセット</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>時刻</translation>
    </message>
    <message>
        <source>How many of the last messages</source>
        <translation>最後のメッセージの件数</translation>
    </message>
    <message>
        <source>So many of the newest messages of all partitions together.</source>
        <translation>全パーティションを合わせた最新のメッセージの件数です。</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>オフセット</translation>
    </message>
    <message>
        <source>An offset of the partition that is named; each partition counts its own.</source>
        <translation>指定したパーティションのオフセットです。オフセットはパーティションごとに数えます。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時刻</translation>
    </message>
    <message>
        <source>Local time. In each partition the first message of this time or later comes first.</source>
        <translation>ローカル時刻です。各パーティションで、この時刻以降の最初のメッセージから始まります。</translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation>開始位置(&amp;B)</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>フィルター</translation>
    </message>
    <message>
        <source>Only messages that fulfil all conditions, as: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Empty: all messages.</source>
        <translation>すべての条件を満たすメッセージだけを表示します。例：key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;。空欄の場合はすべてのメッセージです。</translation>
    </message>
    <message>
        <source>all messages, or for example: json level = ERROR and text contains &quot;timed out&quot;</source>
        <translation>すべてのメッセージ、または例：json level = ERROR and text contains &quot;timed out&quot;</translation>
    </message>
    <message>
        <source>Co&amp;mmitted only</source>
        <translation>コミット済みのみ(&amp;M)</translation>
    </message>
    <message>
        <source>Committed only</source>
        <translation>コミット済みのみ</translation>
    </message>
    <message>
        <source>Leaves out messages of transactions that were aborted or are still open.</source>
        <translation>中止された、またはまだ開いているトランザクションのメッセージを除きます。</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>開始(&amp;S)</translation>
    </message>
    <message>
        <source>Start reading</source>
        <translation>読み取りを開始</translation>
    </message>
    <message>
        <source>Reads the topic anew. No group is joined and nothing is committed.</source>
        <translation>トピックを新たに読み取ります。グループには参加せず、何もコミットしません。</translation>
    </message>
    <message>
        <source>P&amp;ause</source>
        <translation>一時停止(&amp;A)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>Holds the list still, until it is pressed again. What comes meanwhile waits in the cluster.</source>
        <translation>もう一度押すまで、一覧を止めておきます。その間に届くものはクラスターで待機します。</translation>
    </message>
    <message>
        <source>F&amp;ilter</source>
        <translation>フィルター(&amp;I)</translation>
    </message>
    <message>
        <source>The filter, %1</source>
        <translation>フィルター、%1</translation>
    </message>
</context>
<context>
    <name>app::MessagesModel</name>
    <message>
        <source>no payload: it deletes its key</source>
        <translation>ペイロードなし：キーを削除します</translation>
    </message>
    <message>
        <source>When its producer created it, by that machine&apos;s clock.</source>
        <translation>プロデューサーが作成した時刻です。プロデューサーのマシンの時計によります。</translation>
    </message>
    <message>
        <source>When the broker appended it to the log.</source>
        <translation>ブローカーがログに追加した時刻です。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時刻</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>パーティション</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>オフセット</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>キー</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>ペイロード</translation>
    </message>
</context>
<context>
    <name>app::MessagesPage</name>
    <message>
        <source>Messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>Why the reading failed</source>
        <translation>読み取りが失敗した理由</translation>
    </message>
    <message>
        <source>Messages, the newest last</source>
        <translation>メッセージ（新しいものが最後）</translation>
    </message>
    <message>
        <source>State of the reading</source>
        <translation>読み取りの状態</translation>
    </message>
    <message>
        <source>&amp;Older</source>
        <translation>古い方へ(&amp;O)</translation>
    </message>
    <message>
        <source>Read older messages</source>
        <translation>より古いメッセージを読み取る</translation>
    </message>
    <message>
        <source>The messages before the first one shown.</source>
        <translation>表示中の最初のメッセージより前のメッセージです。</translation>
    </message>
    <message>
        <source>Ne&amp;wer</source>
        <translation>新しい方へ(&amp;W)</translation>
    </message>
    <message>
        <source>Read newer messages</source>
        <translation>より新しいメッセージを読み取る</translation>
    </message>
    <message>
        <source>The next messages of the log; behind the last of them, what comes is shown.</source>
        <translation>ログの次のメッセージです。最後まで進むと、その後に届くものが表示されます。</translation>
    </message>
    <message>
        <source>Save as &amp;JSON lines…</source>
        <translation>JSON Lines として保存(&amp;J)…</translation>
    </message>
    <message>
        <source>Save the messages as JSON lines</source>
        <translation>メッセージを JSON Lines として保存</translation>
    </message>
    <message>
        <source>Writes the messages that are shown to a file, one line of JSON each.</source>
        <translation>表示中のメッセージを、1 件につき 1 行の JSON でファイルに書き込みます。</translation>
    </message>
    <message>
        <source>Save the messages</source>
        <translation>メッセージの保存</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>%1 The reading goes on as soon as it answers.</source>
        <translation>%1 応答がありしだい、読み取りを続けます。</translation>
    </message>
    <message>
        <source>No message that fits has come yet. What comes is shown here.</source>
        <translation>条件に合うメッセージはまだ届いていません。届いたものはここに表示されます。</translation>
    </message>
    <message>
        <source>Show the last messages</source>
        <translation>最後のメッセージを表示</translation>
    </message>
    <message>
        <source>Asking for what the cluster needs to let us in…</source>
        <translation>クラスターへのログインに必要な情報を取得しています…</translation>
    </message>
    <message>
        <source>Looking for the place to begin…</source>
        <translation>開始位置を探しています…</translation>
    </message>
    <message>
        <source>The log goes on: Newer shows the next messages.</source>
        <translation>ログには続きがあります。「新しい方へ」で次のメッセージが表示されます。</translation>
    </message>
    <message>
        <source>Following what comes.</source>
        <translation>新着に追従中です。</translation>
    </message>
    <message>
        <source>Waiting for the cluster.</source>
        <translation>クラスターを待っています。</translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation>一時停止中です。</translation>
    </message>
    <message>
        <source>Looked at: %1, match: %2, shown: %3, newest %4 ago.</source>
        <translation>調査：%1、一致：%2、表示：%3、最新は %4 前。</translation>
    </message>
    <message>
        <source>Skipped to keep up: %1.</source>
        <translation>追いつくために省略：%1。</translation>
    </message>
    <message>
        <source>Deleted before they were read: %1.</source>
        <translation>読み取る前に削除：%1。</translation>
    </message>
    <message>
        <source>No more than these are kept; the oldest make room.</source>
        <translation>保持できる上限に達しているため、古いものから消えていきます。</translation>
    </message>
    <message>
        <source>The messages of any topic can be read here, but no Kafka cluster is known yet: save a connection to one.</source>
        <translation>任意のトピックのメッセージをここで読めますが、Kafka クラスターがまだ登録されていません。Kafka クラスターへの接続を保存してください。</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>「接続」へ移動</translation>
    </message>
    <message>
        <source>The messages of a topic appear here once you choose one and start. Reading leaves no trace in the cluster: no group is joined and nothing is committed.</source>
        <translation>トピックを選んで開始すると、そのメッセージがここに表示されます。読み取りはクラスターに痕跡を残しません。グループには参加せず、何もコミットしません。</translation>
    </message>
    <message>
        <source>List the topics of this connection</source>
        <translation>この接続のトピックを一覧表示</translation>
    </message>
    <message>
        <source>Save the value</source>
        <translation>値の保存</translation>
    </message>
    <message>
        <source>This page holds the first %1 of this value only; &apos;millraced messages --json&apos; writes all of it.</source>
        <translation>このページには、この値の先頭 %1 しかありません。「millraced messages --json」ではすべてが書き出されます。</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>%1 として保存しました。</translation>
    </message>
</context>
<context>
    <name>app::MonitorPage</name>
    <message>
        <source>Monitor</source>
        <translation>モニター</translation>
    </message>
    <message>
        <source>What is missing</source>
        <translation>足りないもの</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>%1 として保存しました。</translation>
    </message>
    <message>
        <source>Cluster to watch</source>
        <translation>監視するクラスター</translation>
    </message>
    <message>
        <source>The Kafka of a saved connection. Watching generates no load and changes nothing.</source>
        <translation>保存された接続の Kafka です。監視は負荷を発生させず、何も変更しません。</translation>
    </message>
    <message>
        <source>Cl&amp;uster</source>
        <translation>クラスター(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation>監視(&amp;W)</translation>
    </message>
    <message>
        <source>Asks the cluster at most five times per second.</source>
        <translation>クラスターに 1 秒あたり最大 5 回問い合わせます。</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>停止(&amp;P)</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>監視を停止</translation>
    </message>
    <message>
        <source>What was seen stays.</source>
        <translation>これまでの表示内容は残ります。</translation>
    </message>
    <message>
        <source>State of the monitor</source>
        <translation>モニターの状態</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a Kafka cluster can be watched here without any load, but there is no connection to one yet.</source>
        <translation>Kafka クラスターのトピック、コンシューマーグループ、ラグを負荷なしでここで監視できますが、Kafka クラスターへの接続がまだありません。</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>「接続」へ移動</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a cluster appear here once you watch it. It generates no load.</source>
        <translation>監視を始めると、クラスターのトピック、コンシューマーグループ、ラグがここに表示されます。負荷は発生しません。</translation>
    </message>
    <message>
        <source>Watch it now</source>
        <translation>今すぐ監視</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>%1 に接続しています…</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>古い情報、%1</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>監視中</translation>
    </message>
    <message>
        <source>Alarms broken: %1</source>
        <translation>アラーム違反: %1</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>接続中</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>再試行中</translation>
    </message>
</context>
<context>
    <name>app::PercentileChart</name>
    <message>
        <source>percentile</source>
        <translation>パーセンタイル</translation>
    </message>
    <message>
        <source>from the due time (s)</source>
        <translation>予定時刻から (s)</translation>
    </message>
    <message>
        <source>from the actual send (s)</source>
        <translation>実際の送信から (s)</translation>
    </message>
</context>
<context>
    <name>app::PhaseText</name>
    <message>
        <source>getting ready</source>
        <translation>準備中</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>ステージ</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>ステージ %1</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>ドレイン</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>paused in %1</source>
        <translation>一時停止中 (%1)</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1、残り %2</translation>
    </message>
</context>
<context>
    <name>app::ProblemText</name>
    <message>
        <source>stream %1</source>
        <translation>ストリーム %1</translation>
    </message>
    <message>
        <source>stream &quot;%1&quot;</source>
        <translation>ストリーム「%1」</translation>
    </message>
    <message>
        <source>rule %1</source>
        <translation>ルール %1</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>ステージ %1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>%1 行目：%2</translation>
    </message>
</context>
<context>
    <name>app::ReportPage</name>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>HTML（1 ファイル）(&amp;H)…</translation>
    </message>
    <message>
        <source>&amp;PDF…</source>
        <translation>PDF(&amp;P)…</translation>
    </message>
    <message>
        <source>Charts as P&amp;NG…</source>
        <translation>グラフを PNG で保存(&amp;N)…</translation>
    </message>
    <message>
        <source>Charts as &amp;SVG…</source>
        <translation>グラフを SVG で保存(&amp;S)…</translation>
    </message>
    <message>
        <source>Tables and charts as &amp;CSV…</source>
        <translation>表とグラフを CSV で保存(&amp;C)…</translation>
    </message>
    <message>
        <source>The result as &amp;JSON…</source>
        <translation>結果を JSON で保存(&amp;J)…</translation>
    </message>
    <message>
        <source>J&amp;Unit XML…</source>
        <translation>JUnit XML(&amp;U)…</translation>
    </message>
    <message>
        <source>HdrHistogram &amp;files…</source>
        <translation>HdrHistogram ファイル(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Open a result…</source>
        <translation>結果を開く(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Compare…</source>
        <translation>比較(&amp;C)…</translation>
    </message>
    <message>
        <source>Chooses runs to compare with this one.</source>
        <translation>この実行と比較する実行を選びます。</translation>
    </message>
    <message>
        <source>The report of a run appears here when it has ended: its verdict, what was measured, and why.</source>
        <translation>実行が終わると、その判定、測定結果、理由を示すレポートがここに表示されます。</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>シナリオを選択</translation>
    </message>
    <message>
        <source>Open a result</source>
        <translation>結果を開く</translation>
    </message>
    <message>
        <source>Results (result.json)</source>
        <translation>結果 (result.json)</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>ファイルの保存先フォルダー</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>レポートの保存</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>%1 として保存しました。</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>概要を &amp;Markdown で…</translation>
    </message>
    <message>
        <source>Copy s&amp;ummary</source>
        <translation>概要をコピー(&amp;U)</translation>
    </message>
    <message>
        <source>Copies verdict, rules, ledger and latencies as Markdown, for a ticket or a pull request.</source>
        <translation>判定、ルール、台帳、レイテンシーを Markdown でコピーします。チケットやプルリクエスト用です。</translation>
    </message>
    <message>
        <source>The summary is in the clipboard.</source>
        <translation>概要をクリップボードに入れました。</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>エクスポート(&amp;X)</translation>
    </message>
</context>
<context>
    <name>app::ReportView</name>
    <message>
        <source>Report</source>
        <translation>レポート</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>表として表示(&amp;T)</translation>
    </message>
    <message>
        <source>Scenario of the run</source>
        <translation>実行のシナリオ</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>エンドツーエンドのレイテンシのパーセンタイル</translation>
    </message>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>エンドツーエンドのレイテンシのヒストグラム</translation>
    </message>
</context>
<context>
    <name>app::RuleForm</name>
    <message>
        <source>Figure</source>
        <translation>数値</translation>
    </message>
    <message>
        <source>What the rule is about.</source>
        <translation>ルールの対象です。</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>ティア</translation>
    </message>
    <message>
        <source>Of which tier&apos;s events; nothing: of all.</source>
        <translation>どのティアのイベントかを指定します。空欄の場合はすべてです。</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>統計値</translation>
    </message>
    <message>
        <source>Of all latencies: the value that so many per cent do not exceed, the mean or the highest.</source>
        <translation>全レイテンシのうち、指定の割合（%）が超えない値、平均、または最大です。</translation>
    </message>
    <message>
        <source>In every</source>
        <translation>区間ごと</translation>
    </message>
    <message>
        <source>A length such as 10s, in every part of which the rule must hold; nothing: in the whole run.</source>
        <translation>10s のような長さです。この長さのどの時間枠でもルールを満たす必要があります。空欄の場合は実行全体です。</translation>
    </message>
    <message>
        <source>Must be</source>
        <translation>条件</translation>
    </message>
    <message>
        <source>How it compares.</source>
        <translation>比較の方法です。</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>値</translation>
    </message>
    <message>
        <source>A duration such as 45ms, a rate such as 1000/s, a share such as 99% of target, or a count.</source>
        <translation>45ms のような長さ、1000/s のようなレート、99% of target のような割合、または件数です。</translation>
    </message>
</context>
<context>
    <name>app::RuleTable</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>ルール</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限界</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>余裕</translation>
    </message>
    <message>
        <source>Broken since</source>
        <translation>違反開始</translation>
    </message>
    <message>
        <source>The worst window so far, from the first event on.</source>
        <translation>最初のイベント以降で、これまでに最も悪かった時間枠です。</translation>
    </message>
    <message>
        <source>So far, from the first event on: what the verdict would say now.</source>
        <translation>最初のイベントから現在までの値です。今判定すればこの値になります。</translation>
    </message>
    <message numerus="yes">
        <source>✗ %n rule(s) broken</source>
        <translation>
            <numerusform>✗ ルール違反 %n 件</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::RunCharts</name>
    <message>
        <source>Rates</source>
        <translation>レート</translation>
    </message>
    <message>
        <source>/s</source>
        <comment>events per second</comment>
        <translation>/s</translation>
    </message>
    <message>
        <source>events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>計画</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>送信済み</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>ACK 済み</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>保存済み</translation>
    </message>
    <message>
        <source>backlog</source>
        <translation>バックログ</translation>
    </message>
    <message>
        <source>End-to-end latency</source>
        <translation>エンドツーエンドのレイテンシ</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p90</source>
        <translation>p90</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>p99.9</source>
        <translation>p99.9</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Latency by time</source>
        <translation>レイテンシの推移</translation>
    </message>
</context>
<context>
    <name>app::RunControls</name>
    <message>
        <source>/s</source>
        <comment>events per second</comment>
        <translation>/s</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>一時停止(&amp;P)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Ends the load, stores what was sent and closes the ledger (Shift+F5)</source>
        <translation>負荷を終え、送信済みのイベントを保存して台帳を締めます（Shift+F5）</translation>
    </message>
    <message>
        <source>&amp;Burst now</source>
        <translation>今すぐバースト(&amp;B)</translation>
    </message>
    <message>
        <source>Adds a stream of this rate for so many seconds (Ctrl+B)</source>
        <translation>このレートのストリームを指定した秒数だけ追加します（Ctrl+B）</translation>
    </message>
    <message>
        <source>Rate of the burst, in events per second</source>
        <translation>バーストのレート（1 秒あたりのイベント数）</translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Length of the burst, in seconds</source>
        <translation>バーストの長さ（秒）</translation>
    </message>
    <message>
        <source>Rate of all streams together, in events per second</source>
        <translation>全ストリームを合わせたレート（1 秒あたりのイベント数）</translation>
    </message>
    <message>
        <source>All streams change in proportion and keep the new rate until the end of the run.</source>
        <translation>すべてのストリームが同じ比率で変わり、実行の終わりまで新しいレートを保ちます。</translation>
    </message>
    <message>
        <source>Goes on with the load (F6)</source>
        <translation>負荷を再開します（F6）</translation>
    </message>
    <message>
        <source>Holds the load; due times move (F6)</source>
        <translation>負荷を止めます。予定時刻は後ろにずれます（F6）</translation>
    </message>
    <message>
        <source>Refused: %1.</source>
        <translation>拒否されました：%1。</translation>
    </message>
    <message>
        <source>R&amp;ate</source>
        <translation>レート(&amp;A)</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>再開(&amp;E)</translation>
    </message>
</context>
<context>
    <name>app::RunListModel</name>
    <message>
        <source>damaged</source>
        <translation>破損</translation>
    </message>
    <message>
        <source>of a newer Millrace</source>
        <translation>より新しい Millrace のもの</translation>
    </message>
    <message>
        <source>killed</source>
        <translation>強制終了</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>不合格</translation>
    </message>
    <message>
        <source>lost or doubled</source>
        <translation>消失または二重保存</translation>
    </message>
    <message>
        <source>invalid</source>
        <translation>無効</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>到達不能</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>internal error</source>
        <translation>内部エラー</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>ベースライン</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>開始</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>保存済み</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>エンドツーエンド p99</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>長さ</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>タグ</translation>
    </message>
    <message>
        <source>running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>not finished</source>
        <translation>未完了</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (組み込みブローカー)</translation>
    </message>
</context>
<context>
    <name>app::RunTrend</name>
    <message>
        <source>Trend</source>
        <translation>推移</translation>
    </message>
    <message>
        <source>Trend of &apos;%1&apos;</source>
        <translation>「%1」の推移</translation>
    </message>
    <message>
        <source>The p99, stored rate and verdict of &apos;%1&apos; will be drawn here from run to run, once there are two.</source>
        <translation>「%1」の実行が 2 件になると、実行ごとの p99、保存レート、判定がここに描かれます。</translation>
    </message>
    <message>
        <source>end-to-end p99</source>
        <translation>エンドツーエンド p99</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker)</source>
        <translation>エンドツーエンド p99 (組み込みブローカー)</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>保存済み</translation>
    </message>
    <message>
        <source>%1: %2 runs, of which %3 passed and %4 ran on the embedded broker. The newest has an end-to-end p99 of %5, the oldest of %6.</source>
        <translation>%1：実行 %2 件、うち合格 %3 件、組み込みブローカーでの実行 %4 件。エンドツーエンド p99 は、最新の実行が %5、最も古い実行が %6 です。</translation>
    </message>
    <message>
        <source>run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>days before the newest run</source>
        <translation>最新の実行から遡った日数</translation>
    </message>
    <message>
        <source>end-to-end p99 (s)</source>
        <translation>エンドツーエンド p99 (s)</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker) (s)</source>
        <translation>エンドツーエンド p99 (組み込みブローカー) (s)</translation>
    </message>
    <message>
        <source>stored (/s)</source>
        <translation>保存済み (/s)</translation>
    </message>
    <message>
        <source>passed: 1, else 0</source>
        <translation>合格: 1、それ以外: 0</translation>
    </message>
</context>
<context>
    <name>app::SavedConnections</name>
    <message>
        <source>embedded</source>
        <translation>組み込み</translation>
    </message>
    <message>
        <source>Broker: %1
Store: %2
Duplicate filter: %3</source>
        <translation>ブローカー: %1
ストア: %2
重複フィルター: %3</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>メモリ内</translation>
    </message>
    <message>
        <source>The saved connections in %1 cannot be read: %2</source>
        <translation>%1 に保存された接続を読み取れません：%2</translation>
    </message>
    <message>
        <source>The file of saved connections %1 is damaged: %2</source>
        <translation>保存された接続のファイル %1 が壊れています：%2</translation>
    </message>
    <message>
        <source>A connection in %1 is left out: %2</source>
        <translation>%1 の接続を 1 件除外しました：%2</translation>
    </message>
    <message>
        <source>The connections could not be saved to %1: %2</source>
        <translation>接続を %1 に保存できませんでした：%2</translation>
    </message>
</context>
<context>
    <name>app::ScenarioDocument</name>
    <message>
        <source>New scenario</source>
        <translation>新しいシナリオ</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>%1 を読み取れません。</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 に書き込めません：%2。</translation>
    </message>
    <message>
        <source>%1 was changed by another program.</source>
        <translation>%1 が別のプログラムによって変更されました。</translation>
    </message>
</context>
<context>
    <name>app::ScenarioField</name>
    <message>
        <source>%1 (default)</source>
        <translation>%1（既定）</translation>
    </message>
</context>
<context>
    <name>app::ScenarioFiles</name>
    <message>
        <source>Scenarios (*.yaml *.yml)</source>
        <translation>シナリオ (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>&amp;Ready-made scenarios</source>
        <translation>用意されたシナリオ(&amp;R)</translation>
    </message>
    <message>
        <source>Recent &amp;files</source>
        <translation>最近使ったファイル(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;New scenario</source>
        <translation>新しいシナリオ(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open scenario…</source>
        <translation>シナリオを開く(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>名前を付けて保存(&amp;A)…</translation>
    </message>
    <message>
        <source>Open a scenario</source>
        <translation>シナリオを開く</translation>
    </message>
    <message>
        <source>Save the scenario</source>
        <translation>シナリオの保存</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>保存されていない変更</translation>
    </message>
    <message>
        <source>Save the changes of %1?</source>
        <translation>%1 の変更を保存しますか？</translation>
    </message>
    <message>
        <source>None is installed</source>
        <translation>インストールされていません</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>まだありません</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>破棄(&amp;D)</translation>
    </message>
</context>
<context>
    <name>app::ScenarioForm</name>
    <message>
        <source>Form of the scenario</source>
        <translation>シナリオのフォーム</translation>
    </message>
    <message>
        <source>&amp;Load</source>
        <translation>負荷(&amp;L)</translation>
    </message>
    <message>
        <source>R&amp;ules</source>
        <translation>ルール(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Pipeline</source>
        <translation>パイプライン(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Target</source>
        <translation>ターゲット(&amp;T)</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>ストリーム</translation>
    </message>
    <message>
        <source>Stages of the chosen stream</source>
        <translation>選択したストリームのステージ</translation>
    </message>
    <message>
        <source>&amp;Streams</source>
        <translation>ストリーム(&amp;S)</translation>
    </message>
    <message>
        <source>Sta&amp;ges of the chosen stream</source>
        <translation>選択したストリームのステージ(&amp;G)</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>ルール</translation>
    </message>
    <message>
        <source>What must hold for the verdict &apos;passed&apos;.</source>
        <translation>判定が「合格」になるために満たすべき条件です。</translation>
    </message>
    <message>
        <source>Kafka</source>
        <translation>Kafka</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>コンシューマー</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>重複フィルター</translation>
    </message>
    <message>
        <source>E&amp;vents</source>
        <translation>イベント(&amp;V)</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>ストリーム</translation>
    </message>
    <message>
        <source>The stream whose events these fields shape.</source>
        <translation>ここの入力欄がイベントの内容を定めるストリームです。</translation>
    </message>
</context>
<context>
    <name>app::ScenarioPage</name>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>元に戻す(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>やり直す(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>実行を開始(&amp;S)</translation>
    </message>
    <message>
        <source>a new scenario</source>
        <translation>新しいシナリオ</translation>
    </message>
    <message>
        <source>The program ended before the changes of %1 were saved.</source>
        <translation>%1 の変更が保存される前にプログラムが終了しました。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>復元する</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>破棄する</translation>
    </message>
    <message>
        <source>Another program has changed %1.</source>
        <translation>別のプログラムが %1 を変更しました。</translation>
    </message>
    <message>
        <source>Load the file</source>
        <translation>ファイルを読み込む</translation>
    </message>
    <message>
        <source>Write this text into it</source>
        <translation>このテキストを書き込む</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>後で決める</translation>
    </message>
    <message>
        <source>Start the run (%1)</source>
        <translation>実行を開始（%1）</translation>
    </message>
    <message>
        <source>A run is on. The next one can start when it is over.</source>
        <translation>実行中です。終わると次の実行を開始できます。</translation>
    </message>
    <message>
        <source>The scenario has a problem: %1</source>
        <translation>シナリオに問題があります：%1</translation>
    </message>
</context>
<context>
    <name>app::ScenarioText</name>
    <message>
        <source>The file is longer than 1 MiB, which no scenario is.</source>
        <translation>ファイルが 1 MiB を超えています。シナリオがこの大きさになることはありません。</translation>
    </message>
    <message>
        <source>The file is not a text in UTF-8.</source>
        <translation>ファイルが UTF-8 のテキストではありません。</translation>
    </message>
</context>
<context>
    <name>app::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>テーマ(&amp;T)</translation>
    </message>
    <message>
        <source>Whether the window is light or dark. Reports and pictures follow it.</source>
        <translation>ウィンドウの明るさを選びます。レポートと画像もこれに従います。</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>ライト</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>ダーク</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>言語(&amp;L)</translation>
    </message>
    <message>
        <source>The language of the window. Scenarios, results and logs stay as they are.</source>
        <translation>ウィンドウの言語です。シナリオ、結果、ログは変わりません。</translation>
    </message>
    <message>
        <source>The language changes when Millrace is started again.</source>
        <translation>言語は Millrace の次回起動時に変わります。</translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation>サイズの表記(&amp;S)</translation>
    </message>
    <message>
        <source>How sizes are written in the window. Scenario files always use powers of two: KiB, MiB.</source>
        <translation>ウィンドウでのサイズの表記です。シナリオファイルでは常に 2 のべき乗（KiB、MiB）を使います。</translation>
    </message>
    <message>
        <source>Powers of two (%1)</source>
        <translation>2 のべき乗 (%1)</translation>
    </message>
    <message>
        <source>Powers of ten (%1)</source>
        <translation>10 のべき乗 (%1)</translation>
    </message>
    <message>
        <source>How often the figures of a run are refreshed. It changes what is drawn, never what is measured.</source>
        <translation>実行の数値を更新する頻度です。描画だけが変わり、測定には影響しません。</translation>
    </message>
    <message numerus="yes">
        <source>%n times a second</source>
        <translation>
            <numerusform>1 秒に %n 回</numerusform>
        </translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>結果フォルダー</translation>
    </message>
    <message>
        <source>Each run leaves a folder of its own in here. Empty: the usual place.</source>
        <translation>実行ごとに専用のフォルダーがここに作られます。空欄の場合は通常の場所を使います。</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>参照(&amp;B)…</translation>
    </message>
    <message>
        <source>Browse for the results folder</source>
        <translation>結果フォルダーを参照</translation>
    </message>
    <message>
        <source>Choose the results folder</source>
        <translation>結果フォルダーを選択</translation>
    </message>
    <message>
        <source>The results folder needs its whole path, as /home/me/runs.</source>
        <translation>結果フォルダーは /home/me/runs のような絶対パスで指定する必要があります。</translation>
    </message>
    <message>
        <source>&amp;Answer over HTTP while a run is on, at</source>
        <translation>実行中に HTTP で応答する(&amp;A)、アドレス</translation>
    </message>
    <message>
        <source>For Prometheus, dashboards and scripts. Nobody but this machine can ask there, unless an address of its network and a token are given.</source>
        <translation>Prometheus、ダッシュボード、スクリプト用です。ネットワークのアドレスとトークンを指定しない限り、このマシン以外からは問い合わせできません。</translation>
    </message>
    <message>
        <source>Address and port for HTTP</source>
        <translation>HTTP のアドレスとポート</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>メトリクス</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>システムと同じ</translation>
    </message>
    <message>
        <source>Li&amp;ve refresh</source>
        <translation>ライブの更新(&amp;V)</translation>
    </message>
    <message>
        <source>Results f&amp;older</source>
        <translation>結果フォルダー(&amp;O)</translation>
    </message>
</context>
<context>
    <name>app::SideBar</name>
    <message>
        <source>Pages</source>
        <translation>ページ</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>app::StageForm</name>
    <message>
        <source>%1 for %2</source>
        <translation>%1 を %2 間</translation>
    </message>
    <message>
        <source>to %1 in %2</source>
        <translation>%1 まで %2 で変化</translation>
    </message>
    <message>
        <source>pause %1</source>
        <translation>%1 休止</translation>
    </message>
    <message>
        <source>spike to %1 in %2</source>
        <translation>%1 まで急上昇、%2</translation>
    </message>
    <message>
        <source>%1 to %2 in %3 steps of %4</source>
        <translation>%1 から %2 まで %3 段、各 %4</translation>
    </message>
    <message>
        <source>%1 ± %2 for %3</source>
        <translation>%1 ± %2 を %3 間</translation>
    </message>
</context>
<context>
    <name>app::StatusStrip</name>
    <message>
        <source>steady</source>
        <translation>安定</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>%1 で増加中</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>減少中、空になるまで %1</translation>
    </message>
    <message>
        <source>Phase of the run</source>
        <translation>実行のフェーズ</translation>
    </message>
    <message>
        <source>Progress of the load</source>
        <translation>負荷の進捗</translation>
    </message>
    <message>
        <source>Rates: target, sent, stored</source>
        <translation>レート: 目標、送信、保存</translation>
    </message>
    <message>
        <source>End-to-end latency of the last ten seconds</source>
        <translation>直近 10 秒のエンドツーエンドのレイテンシ</translation>
    </message>
    <message>
        <source>Lost and doubled events</source>
        <translation>消失したイベントと二重保存されたイベント</translation>
    </message>
    <message>
        <source>What is nearest to its limit</source>
        <translation>限界に最も近いもの</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Events per second over the last two seconds: as planned, handed to the broker&apos;s client, and committed in the store.</source>
        <translation>直近 2 秒間の 1 秒あたりのイベント数です。計画、ブローカーのクライアントに渡した数、ストアにコミットした数の順に示します。</translation>
    </message>
    <message>
        <source>No event is due yet.</source>
        <translation>まだ予定時刻に達したイベントはありません。</translation>
    </message>
    <message>
        <source>%1 → %2 → %3</source>
        <translation>%1 → %2 → %3</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit, with the embedded broker: not Kafka&apos;s.</source>
        <translation>直近 10 秒のエンドツーエンド p99（予定時刻からコミットまで）です。組み込みブローカーでの値であり、Kafka の値ではありません。</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit.</source>
        <translation>直近 10 秒のエンドツーエンド p99（予定時刻からコミットまで）です。</translation>
    </message>
    <message>
        <source>The rule&apos;s limit stands behind it.</source>
        <translation>後ろの値はルールの上限です。</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (組み込みブローカー)</translation>
    </message>
    <message>
        <source>No event is unsent, failed, in doubt or forgotten by the broker so far. Lost and doubled are known when the ledger is closed.</source>
        <translation>これまでに、未送信、失敗、不確定のイベントも、ブローカーが忘れたイベントもありません。消失と二重保存は、台帳が締められると判明します。</translation>
    </message>
    <message>
        <source>%1 events missing</source>
        <translation>%1 件のイベントが不足</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, forgotten by the broker %4.</source>
        <translation>未送信 %1、失敗 %2、不確定 %3、ブローカーが忘れたもの %4。</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>まだ何も測定されていません。</translation>
    </message>
    <message>
        <source>CPU %1</source>
        <translation>CPU %1</translation>
    </message>
    <message>
        <source>The processors of this machine are nearest to their limit.</source>
        <translation>このマシンのプロセッサが限界に最も近い状態です。</translation>
    </message>
    <message>
        <source>generator %1</source>
        <translation>ジェネレーター %1</translation>
    </message>
    <message>
        <source>How late the generator&apos;s own threads wake up, at p99, as a share of the 10 ms beyond which a run is invalid.</source>
        <translation>ジェネレーター自身のスレッドの起床の遅れ（p99）です。これを超えると実行が無効になる 10 ms に対する割合で示します。</translation>
    </message>
    <message>
        <source>Health of the broker</source>
        <translation>ブローカーの状態</translation>
    </message>
    <message>
        <source>Health of the store</source>
        <translation>ストアの状態</translation>
    </message>
    <message>
        <source>Health of the duplicate filter</source>
        <translation>重複フィルターの状態</translation>
    </message>
    <message>
        <source>Health of Millrace itself</source>
        <translation>Millrace 自体の状態</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Events that wait to be stored</source>
        <translation>保存待ちのイベント</translation>
    </message>
    <message>
        <source>✗ %1</source>
        <translation>✗ %1</translation>
    </message>
    <message>
        <source>✓ %1</source>
        <translation>✓ %1</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>宛先: %1</translation>
    </message>
    <message>
        <source>The load goes to: %1</source>
        <translation>負荷の宛先: %1</translation>
    </message>
    <message>
        <source>Events that are sent and not stored yet: %1 that the broker has not acknowledged, and %2 that the store has not committed.</source>
        <translation>送信済みでまだ保存されていないイベント: ブローカーが確認応答していない %1 件と、ストアがコミットしていない %2 件。</translation>
    </message>
    <message>
        <source>waiting %1 %2</source>
        <translation>待機 %1 %2</translation>
    </message>
    <message>
        <source>Rules that are broken</source>
        <translation>違反しているルール</translation>
    </message>
    <message>
        <source>p99 (10 s) %1</source>
        <translation>p99 (10 s) %1</translation>
    </message>
    <message>
        <source>p99 (10 s) %1, limit %2</source>
        <translation>p99 (10 s) %1、上限 %2</translation>
    </message>
    <message>
        <source>nothing missing</source>
        <translation>不足なし</translation>
    </message>
</context>
<context>
    <name>app::StreamsPanel</name>
    <message>
        <source>Figures of each tier</source>
        <translation>ティアごとの数値</translation>
    </message>
    <message>
        <source>Figures of each stream</source>
        <translation>ストリームごとの数値</translation>
    </message>
    <message>
        <source>Figures of the last five to ten seconds. Choose a stream to see the charts of it alone.</source>
        <translation>直近 5～10 秒の数値です。ストリームを選ぶと、そのストリームだけのグラフが表示されます。</translation>
    </message>
</context>
<context>
    <name>app::TargetChooser</name>
    <message>
        <source>answers</source>
        <translation>応答あり</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>応答なし</translation>
    </message>
    <message>
        <source> in %1 ms</source>
        <translation> (%1 ms)</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>テスト</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>実行先</translation>
    </message>
    <message>
        <source>Embedded needs no server. A saved connection wins over what the scenario says and leaves its text as it is.</source>
        <translation>組み込みではサーバーは不要です。保存された接続はシナリオの指定より優先されますが、シナリオのテキストは変わりません。</translation>
    </message>
    <message>
        <source>Test the target</source>
        <translation>ターゲットをテスト</translation>
    </message>
    <message>
        <source>Asks each server and shows its answer and its round trip.</source>
        <translation>各サーバーに問い合わせ、応答と往復時間を表示します。</translation>
    </message>
    <message>
        <source>From the environment, else embedded</source>
        <translation>環境の設定、なければ組み込み</translation>
    </message>
    <message>
        <source>Embedded: no server is needed</source>
        <translation>組み込み: サーバー不要</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>サーバー</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>問い合わせています…</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>ブローカー</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT, several with commas between them.</source>
        <translation>embedded、または HOST:PORT。複数の場合はコンマで区切ります。</translation>
    </message>
    <message>
        <source>from the environment, else embedded</source>
        <translation>環境の設定、なければ組み込み</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>ストア</translation>
    </message>
    <message>
        <source>embedded, sqlite:FILE or postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. A password is never written out.</source>
        <translation>embedded、sqlite:FILE、または postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE。パスワードがそのまま書き出されることはありません。</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>重複フィルター</translation>
    </message>
    <message>
        <source>memory or redis://HOST:PORT.</source>
        <translation>memory または redis://HOST:PORT。</translation>
    </message>
    <message>
        <source>from the environment, else memory</source>
        <translation>環境の設定、なければメモリ内</translation>
    </message>
    <message>
        <source>an address that cannot be read</source>
        <translation>読み取れないアドレス</translation>
    </message>
    <message>
        <source>servers of its own</source>
        <translation>独自のサーバー</translation>
    </message>
    <message>
        <source>The scenario&apos;s text says: %1. The connection chosen here wins.</source>
        <translation>シナリオの記述: %1。ここで選んだ接続が優先されます。</translation>
    </message>
</context>
<context>
    <name>app::TargetText</name>
    <message>
        <source>embedded</source>
        <translation>組み込み</translation>
    </message>
    <message>
        <source>embedded broker, %1</source>
        <translation>組み込みブローカー、%1</translation>
    </message>
</context>
<context>
    <name>app::TextPane</name>
    <message>
        <source>Problems of the scenario</source>
        <translation>シナリオの問題</translation>
    </message>
    <message>
        <source>What keeps this scenario from running. Enter or a click leads to the place.</source>
        <translation>このシナリオを実行できない理由です。Enter キーまたはクリックでその場所に移動します。</translation>
    </message>
</context>
<context>
    <name>app::TimeChart</name>
    <message>
        <source>%1 %2: %3 at the median second, highest %4 at %5.</source>
        <translation>%1 %2：秒ごとの中央値 %3、最大 %4（%5 の時点）。</translation>
    </message>
    <message>
        <source>time (s)</source>
        <translation>時間 (s)</translation>
    </message>
</context>
<context>
    <name>app::ValueText</name>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 を読み取れません：%2。</translation>
    </message>
</context>
<context>
    <name>app::YamlCompletion</name>
    <message>
        <source>What can stand here</source>
        <translation>ここに書けるもの</translation>
    </message>
</context>
<context>
    <name>app::YamlEditor</name>
    <message>
        <source>Text of the scenario</source>
        <translation>シナリオのテキスト</translation>
    </message>
    <message>
        <source>The scenario as YAML. The form beside it shows each change, and the other way round. Ctrl+Space offers what can stand here, Ctrl+F finds, Tab indents. Ctrl+Tab, or Esc and then Tab, leaves the text.</source>
        <translation>YAML 形式のシナリオです。変更は隣のフォームに反映され、フォームの変更もここに反映されます。Ctrl+Space でここに書けるものを表示し、Ctrl+F で検索し、Tab で字下げします。Ctrl+Tab、または Esc に続けて Tab を押すとテキストから離れます。</translation>
    </message>
</context>
</TS>

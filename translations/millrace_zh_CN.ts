<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>app::AlarmPanel</name>
    <message>
        <source>Alarms</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>违反始于</translation>
    </message>
    <message>
        <source>Rule to add</source>
        <translation>要添加的规则</translation>
    </message>
    <message>
        <source>lag counts events, lag_s is the age of the first message that waits. Without a group it speaks of every one.</source>
        <translation>lag 为事件数，lag_s 为首条等待中消息的等待时长。不指定组时，针对每一个组。</translation>
    </message>
    <message>
        <source>Ru&amp;le</source>
        <translation>规则(&amp;L)</translation>
    </message>
    <message>
        <source>A&amp;dd alarm</source>
        <translation>添加告警(&amp;D)</translation>
    </message>
    <message>
        <source>Rem&amp;ove alarm</source>
        <translation>移除告警(&amp;O)</translation>
    </message>
    <message>
        <source>This rule cannot be read: %1</source>
        <translation>无法读取此规则：%1</translation>
    </message>
    <message>
        <source>✗ broken</source>
        <translation>✗ 违反</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ 满足</translation>
    </message>
    <message>
        <source>– not evaluated</source>
        <translation>– 未评估</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>组 %1</translation>
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
        <translation>events、app.events 或 &quot;Events&quot;</translation>
    </message>
    <message>
        <source>the column with the events&apos; ids</source>
        <translation>事件 ID 所在的列</translation>
    </message>
    <message>
        <source>the commit&apos;s time, where the server keeps it</source>
        <translation>提交时间（如果服务器保留）</translation>
    </message>
    <message>
        <source>every run in the table; or one: its folder, its id or its tag</source>
        <translation>表中的所有运行；或某一次：其文件夹、ID 或标签</translation>
    </message>
    <message>
        <source>What became of each run</source>
        <translation>每次运行的结果</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>保存(&amp;V)…</translation>
    </message>
    <message>
        <source>Audit of a table</source>
        <translation>表的审计</translation>
    </message>
    <message>
        <source>S&amp;tore</source>
        <translation>存储(&amp;T)</translation>
    </message>
    <message>
        <source>T&amp;able</source>
        <translation>表(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation>ID(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Waiting for the password…</source>
        <translation>正在等待密码…</translation>
    </message>
    <message>
        <source>Reading the table…</source>
        <translation>正在读取表…</translation>
    </message>
    <message>
        <source>%1 rows read.</source>
        <translation>已读取 %1 行。</translation>
    </message>
    <message>
        <source>%1 at %2: %3 rows, %4 of them foreign.</source>
        <translation>%1（%2）：%3 行，其中外来 %4 行。</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Add a &amp;connection…</source>
        <translation>添加连接(&amp;C)…</translation>
    </message>
    <message>
        <source>A&amp;udit</source>
        <translation>审计(&amp;U)</translation>
    </message>
    <message>
        <source>An audit reads a table in a PostgreSQL; there is no connection to one yet.</source>
        <translation>审计会读取 PostgreSQL 中的表，但目前还没有到 PostgreSQL 的连接。</translation>
    </message>
    <message>
        <source>Names a table that another consumer filled, and says what is lost, doubled, and how late.</source>
        <translation>指定由其他消费者写入的表，即可得知哪些丢失、哪些重复存储，以及延迟多少。</translation>
    </message>
    <message>
        <source>Folder of the run</source>
        <translation>运行的文件夹</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Store&amp;d at</source>
        <translation>存储时间(&amp;D)</translation>
    </message>
</context>
<context>
    <name>app::AuditRows</name>
    <message>
        <source>Of %1 rows.</source>
        <translation>基于 %1 行。</translation>
    </message>
    <message>
        <source>No result of this run is known; name its folder.</source>
        <translation>未知此次运行的结果；请指定其文件夹。</translation>
    </message>
    <message>
        <source>Too few rows for this percentile.</source>
        <translation>行数太少，无法得出此百分位数。</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>代理已确认收到。</translation>
    </message>
    <message>
        <source>Events that are in the table.</source>
        <translation>表中存在的事件。</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row.</source>
        <translation>已确认收到，但不在任何行中。</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row; the first ones: %1.</source>
        <translation>已确认收到，但不在任何行中；最先的几个：%1。</translation>
    </message>
    <message>
        <source>It is known what was acknowledged: see &apos;Lost&apos;.</source>
        <translation>已知哪些得到了确认：请参见“丢失”。</translation>
    </message>
    <message>
        <source>Numbers without a row between the first and the last seen of each stream: lost, or never sent.</source>
        <translation>每个数据流中所见的首个与末个之间没有对应行的编号：已丢失，或从未发送。</translation>
    </message>
    <message>
        <source>Rows beyond the first of their id.</source>
        <translation>同一 ID 首行之外的行。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Doubled</source>
        <translation>重复存储</translation>
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
        <translation>暂无可显示的内容。</translation>
    </message>
    <message>
        <source>%1 as a table</source>
        <translation>%1（表格）</translation>
    </message>
    <message>
        <source>Menu of the chart %1</source>
        <translation>图表“%1”的菜单</translation>
    </message>
    <message>
        <source>Show as table, or save as a picture or as CSV</source>
        <translation>显示为表格，或保存为图片或 CSV</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>显示为表格(&amp;T)</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>保存为 PNG(&amp;P)…</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>保存为 SVG(&amp;S)…</translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation>SVG 图片 (*.svg)</translation>
    </message>
    <message>
        <source>Save as &amp;CSV…</source>
        <translation>保存为 CSV(&amp;C)…</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV 表格 (*.csv)</translation>
    </message>
    <message>
        <source>Save the chart %1</source>
        <translation>保存图表“%1”</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
</context>
<context>
    <name>app::ChartTableModel</name>
    <message>
        <source>Not known: nothing happened in this interval, or there were too few values for this figure.</source>
        <translation>未知：此区间内没有发生任何事，或数值太少，无法得出该指标。</translation>
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
        <translation>失败</translation>
    </message>
    <message>
        <source>What each server has answered</source>
        <translation>各服务器的应答</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>往返时间</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>The time of one question and its answer over a connection that stands.</source>
        <translation>在已建立的连接上完成一次询问和应答所用的时间。</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>去重过滤器</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>Check SASL mechanism, SASL user and SASL password above.</source>
        <translation>请检查上方的 SASL 机制、SASL 用户和 SASL 密码。</translation>
    </message>
    <message>
        <source>check the user in the store&apos;s address, and its password above</source>
        <translation>请检查存储地址中的用户及上方的密码</translation>
    </message>
    <message>
        <source>set the duplicate filter&apos;s password above</source>
        <translation>请在上方设置去重过滤器的密码</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>未测试</translation>
    </message>
    <message>
        <source>It wants a token, and the one above is not the one that it knows.</source>
        <translation>它要求令牌，而上面的令牌不是它所知道的。</translation>
    </message>
</context>
<context>
    <name>app::ClusterPanel</name>
    <message>
        <source>Brokers</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Groups, topics and alarms</source>
        <translation>组、主题和告警</translation>
    </message>
    <message>
        <source>Consumer groups</source>
        <translation>消费者组</translation>
    </message>
    <message>
        <source>&amp;Groups</source>
        <translation>组(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Topics</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Alarms</source>
        <translation>告警(&amp;A)</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Browse &amp;messages</source>
        <translation>浏览消息(&amp;M)</translation>
    </message>
    <message>
        <source>Shows the messages of the chosen topic.</source>
        <translation>显示所选主题的消息。</translation>
    </message>
    <message>
        <source>Partitions and members of the group</source>
        <translation>组的分区和成员</translation>
    </message>
    <message>
        <source>Partitions of the group</source>
        <translation>组的分区</translation>
    </message>
    <message>
        <source>Members of the group</source>
        <translation>组的成员</translation>
    </message>
    <message>
        <source>Part&amp;itions</source>
        <translation>分区(&amp;I)</translation>
    </message>
    <message>
        <source>Mem&amp;bers</source>
        <translation>成员(&amp;B)</translation>
    </message>
    <message>
        <source>Sa&amp;ve history as CSV…</source>
        <translation>将历史保存为 CSV(&amp;V)…</translation>
    </message>
    <message>
        <source>Writes the lag of every group over time to a file.</source>
        <translation>将每个组的滞后随时间的变化写入文件。</translation>
    </message>
    <message>
        <source>Choose a group to see its lag.</source>
        <translation>选择一个组以查看其滞后。</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Save the history of the lag</source>
        <translation>保存滞后的历史</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV 表格 (*.csv)</translation>
    </message>
</context>
<context>
    <name>app::ClusterRows</name>
    <message>
        <source>No offset is committed.</source>
        <translation>没有已提交的偏移量。</translation>
    </message>
    <message>
        <source>The committed offset has expired: the log begins later.</source>
        <translation>已提交的偏移量已过期：日志从更后的位置开始。</translation>
    </message>
    <message>
        <source>The committed offset lies beyond the log&apos;s end.</source>
        <translation>已提交的偏移量超出了日志末端。</translation>
    </message>
    <message>
        <source>All is read: only transaction markers or compacted offsets follow.</source>
        <translation>已全部读取：其后只有事务标记或已压实的偏移量。</translation>
    </message>
    <message>
        <source>At most: offsets count transaction markers or compacted messages too.</source>
        <translation>最多为此值：偏移量也计入事务标记或已压实的消息。</translation>
    </message>
    <message>
        <source>The log&apos;s end is not known.</source>
        <translation>日志末端未知。</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>稳定</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>以 %1 增长</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>正在排空，%1 后清空</translation>
    </message>
    <message>
        <source>The group has not been asked yet.</source>
        <translation>尚未询问该组。</translation>
    </message>
    <message>
        <source>It is not known of every partition.</source>
        <translation>并非所有分区的情况都已知。</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>%1 without a leader</source>
        <translation>%1 个无领导者</translation>
    </message>
    <message>
        <source>%1 under-replicated</source>
        <translation>%1 个副本不足</translation>
    </message>
    <message>
        <source>in sync</source>
        <translation>已同步</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>组</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>滞后</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>等待时长</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>As it was %1 ago.</source>
        <translation>%1 前的情况。</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>保留数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Retention</source>
        <translation>保留期限</translation>
    </message>
    <message>
        <source>Cleanup</source>
        <translation>清理</translation>
    </message>
    <message>
        <source>The size in bytes is not available with this librdkafka.</source>
        <translation>此 librdkafka 无法提供以字节计的大小。</translation>
    </message>
    <message>
        <source>Offsets between the log&apos;s begin and its end.</source>
        <translation>日志起点与末端之间的偏移量数。</translation>
    </message>
    <message>
        <source>It is not known yet.</source>
        <translation>尚未得知。</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>Committed</source>
        <translation>已提交</translation>
    </message>
    <message>
        <source>End</source>
        <translation>末端</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Within %1, from when the log&apos;s end passed there.</source>
        <translation>误差在 %1 以内，根据日志末端经过该处的时间得出。</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>%1 in rack %2</source>
        <translation>%1（机架 %2）</translation>
    </message>
    <message>
        <source>%1 (controller)</source>
        <translation>%1（控制器）</translation>
    </message>
    <message>
        <source>Brokers: %1 · asking %2 times per second</source>
        <translation>代理：%1 · 每秒询问 %2 次</translation>
    </message>
    <message>
        <source>Lag: %1 events, age %2, %3</source>
        <translation>滞后：%1 个事件，等待时长 %2，%3</translation>
    </message>
</context>
<context>
    <name>app::Connection</name>
    <message>
        <source>A connection needs a name.</source>
        <translation>连接需要名称。</translation>
    </message>
    <message>
        <source>The broker&apos;s address should look like HOST:PORT, several with commas between them.</source>
        <translation>代理的地址应为 HOST:PORT 的形式，多个用逗号分隔。</translation>
    </message>
    <message>
        <source>An address must not hold a password, for it is kept in a file: write it into the field for the password.</source>
        <translation>地址会保存在文件中，因此不得包含密码：请将密码填入密码字段。</translation>
    </message>
    <message>
        <source>The store&apos;s address should look like postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE.</source>
        <translation>存储的地址应为 postgresql://USER@HOST:PORT/DATABASE 或 sqlite:FILE 的形式。</translation>
    </message>
    <message>
        <source>The duplicate filter&apos;s address should look like redis://HOST:PORT.</source>
        <translation>去重过滤器的地址应为 redis://HOST:PORT 的形式。</translation>
    </message>
    <message>
        <source>The Kafka setting %1 is not allowed here.</source>
        <translation>此处不允许使用 Kafka 设置 %1。</translation>
    </message>
    <message>
        <source>Password for Kafka</source>
        <translation>Kafka 密码</translation>
    </message>
    <message>
        <source>Password of the Kafka key file</source>
        <translation>Kafka 密钥文件的密码</translation>
    </message>
    <message>
        <source>Password for PostgreSQL</source>
        <translation>PostgreSQL 密码</translation>
    </message>
    <message>
        <source>Password for Redis</source>
        <translation>Redis 密码</translation>
    </message>
    <message>
        <source>A connection has no id.</source>
        <translation>有一个连接没有标识。</translation>
    </message>
    <message>
        <source>The daemons&apos; addresses should look like HOST:PORT or dns:NAME:PORT, several with commas between them.</source>
        <translation>守护进程的地址应为 HOST:PORT 或 dns:NAME:PORT 的形式，多个用逗号分隔。</translation>
    </message>
    <message>
        <source>Daemons meet at real servers: the connection needs the broker&apos;s address and that of a PostgreSQL as well.</source>
        <translation>守护进程通过真实的服务器协作：连接还需要代理的地址和 PostgreSQL 的地址。</translation>
    </message>
    <message>
        <source>Token of the daemons</source>
        <translation>守护进程的令牌</translation>
    </message>
</context>
<context>
    <name>app::ConnectionForm</name>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>As it appears wherever a target is chosen.</source>
        <translation>在选择目标的各处显示的名称。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Forget: %1</source>
        <translation>清除：%1</translation>
    </message>
    <message>
        <source>Forgets the stored password when the connection is saved.</source>
        <translation>保存连接时，清除已保管的密码。</translation>
    </message>
    <message>
        <source>Broker (Kafka)</source>
        <translation>代理（Kafka）</translation>
    </message>
    <message>
        <source>&amp;Broker address</source>
        <translation>代理地址(&amp;B)</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT,…</source>
        <translation>embedded，或 HOST:PORT,…</translation>
    </message>
    <message>
        <source>HOST:PORT, several with commas between them. Empty: each run brings its own broker.</source>
        <translation>HOST:PORT，多个用逗号分隔。留空：每次运行使用自带的代理。</translation>
    </message>
    <message>
        <source>Security &amp;protocol</source>
        <translation>安全协议(&amp;P)</translation>
    </message>
    <message>
        <source>How to speak to the broker: in the clear or by TLS (ssl), with or without a login (sasl).</source>
        <translation>与代理通信的方式：明文或 TLS（ssl），登录（sasl）或不登录。</translation>
    </message>
    <message>
        <source>SASL &amp;mechanism</source>
        <translation>SASL 机制(&amp;M)</translation>
    </message>
    <message>
        <source>How the login is proved.</source>
        <translation>登录的验证方式。</translation>
    </message>
    <message>
        <source>SASL &amp;user</source>
        <translation>SASL 用户(&amp;U)</translation>
    </message>
    <message>
        <source>The name to log in with.</source>
        <translation>用于登录的名称。</translation>
    </message>
    <message>
        <source>SASL pass&amp;word</source>
        <translation>SASL 密码(&amp;W)</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file.</source>
        <translation>保存在桌面的密钥环中，绝不写入文件。</translation>
    </message>
    <message>
        <source>&amp;CA certificates</source>
        <translation>CA 证书(&amp;C)</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the broker.</source>
        <translation>包含可为代理担保的证书颁发机构的 PEM 文件。</translation>
    </message>
    <message>
        <source>A PEM file, where the broker wants to know us by TLS.</source>
        <translation>PEM 文件，用于代理要求通过 TLS 验证客户端的情况。</translation>
    </message>
    <message>
        <source>Client &amp;key</source>
        <translation>客户端密钥(&amp;K)</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file.</source>
        <translation>证书的密钥，PEM 文件。</translation>
    </message>
    <message>
        <source>Passw&amp;ord of the key</source>
        <translation>密钥的密码(&amp;O)</translation>
    </message>
    <message>
        <source>Further Kafka settings</source>
        <translation>其他 Kafka 设置</translation>
    </message>
    <message>
        <source>Settings of librdkafka that a scenario may name as well, a line each.</source>
        <translation>场景中也可指定的 librdkafka 设置，每行一项。</translation>
    </message>
    <message>
        <source>Store (PostgreSQL)</source>
        <translation>存储（PostgreSQL）</translation>
    </message>
    <message>
        <source>embedded, or postgresql://USER@HOST:PORT/DATABASE</source>
        <translation>embedded，或 postgresql://USER@HOST:PORT/DATABASE</translation>
    </message>
    <message>
        <source>Without a password. sqlite:FILE is possible too. Empty: each run creates its own file.</source>
        <translation>不含密码。也可以使用 sqlite:FILE。留空：每次运行创建自己的文件。</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file. Empty: PGPASSWORD or ~/.pgpass, if they are there.</source>
        <translation>保存在桌面的密钥环中，绝不写入文件。留空：使用 PGPASSWORD 或 ~/.pgpass（如果存在）。</translation>
    </message>
    <message>
        <source>TLS (sslmode)</source>
        <translation>TLS (sslmode)</translation>
    </message>
    <message>
        <source>CA certificates</source>
        <translation>CA 证书</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the server.</source>
        <translation>包含可为服务器担保的证书颁发机构的 PEM 文件。</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>客户端证书</translation>
    </message>
    <message>
        <source>A PEM file, where the server wants to know us by TLS.</source>
        <translation>PEM 文件，用于服务器要求通过 TLS 验证客户端的情况。</translation>
    </message>
    <message>
        <source>Client key</source>
        <translation>客户端密钥</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file without a password.</source>
        <translation>证书的密钥，不带密码的 PEM 文件。</translation>
    </message>
    <message>
        <source>Duplicate filter (Redis)</source>
        <translation>去重过滤器（Redis）</translation>
    </message>
    <message>
        <source>&amp;Duplicate filter&apos;s address</source>
        <translation>去重过滤器地址(&amp;D)</translation>
    </message>
    <message>
        <source>in memory, or redis://HOST:PORT</source>
        <translation>内存，或 redis://HOST:PORT</translation>
    </message>
    <message>
        <source>Without a password. Empty: in memory.</source>
        <translation>不含密码。留空：使用内存。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>kept; type to change it</source>
        <translation>已保管；输入即可更改</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Further Kafka settings are lines of the form NAME=VALUE, which this one is not: %1</source>
        <translation>其他 Kafka 设置的每一行须为 NAME=VALUE 的形式，而此行不是：%1</translation>
    </message>
    <message>
        <source>verify-full is the only one that is safe from somebody in between. Empty: TLS where the server offers it (prefer).</source>
        <translation>只有 verify-full 能防范中间人。留空：服务器支持时使用 TLS (prefer)。</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1（默认）</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>浏览：%1</translation>
    </message>
    <message>
        <source>Chooses the file.</source>
        <translation>选择文件。</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.cer *.key);;All files (*)</source>
        <translation>PEM 文件 (*.pem *.crt *.cer *.key);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Further settin&amp;gs</source>
        <translation>其他设置(&amp;G)</translation>
    </message>
    <message>
        <source>S&amp;tore address</source>
        <translation>存储地址(&amp;T)</translation>
    </message>
    <message>
        <source>not kept; asked for when it is needed</source>
        <translation>未保管；需要时询问</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>守护进程</translation>
    </message>
    <message>
        <source>Addresses of daemons</source>
        <translation>守护进程地址</translation>
    </message>
    <message>
        <source>none, or HOST:PORT,…</source>
        <translation>无，或 HOST:PORT,…</translation>
    </message>
    <message>
        <source>Producers and consumers that send and store instead of this process: HOST:PORT, several with commas between them, or dns:NAME:PORT for every address of a name. Empty: none.</source>
        <translation>代替本进程进行发送和存储的生产者和消费者：HOST:PORT，多个用逗号分隔；或 dns:NAME:PORT，表示某个名称的所有地址。留空：无。</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
</context>
<context>
    <name>app::ConnectionOpener</name>
    <message>
        <source>Password needed</source>
        <translation>需要密码</translation>
    </message>
    <message>
        <source>%1 of the connection &apos;%2&apos;:</source>
        <translation>连接“%2”的 %1：</translation>
    </message>
    <message>
        <source>The connection &apos;%1&apos; cannot be used without its password.</source>
        <translation>没有密码，无法使用连接“%1”。</translation>
    </message>
</context>
<context>
    <name>app::ConnectionTest</name>
    <message>
        <source>Test connect&amp;ion</source>
        <translation>测试连接(&amp;I)</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Asks each server with what the fields say, saved or not, and changes nothing on them.</source>
        <translation>按字段中的内容（无论是否已保存）询问每台服务器，不会在服务器上做任何更改。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>停止测试</translation>
    </message>
    <message>
        <source>Waits for no more answers.</source>
        <translation>不再等待其余应答。</translation>
    </message>
    <message>
        <source>Daemons of the connection</source>
        <translation>连接的守护进程</translation>
    </message>
</context>
<context>
    <name>app::ConnectionsPage</name>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>问题所在</translation>
    </message>
    <message>
        <source>Saved connections</source>
        <translation>已保存的连接</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>Creates a new connection.</source>
        <translation>新建一个连接。</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>复制(&amp;Y)</translation>
    </message>
    <message>
        <source>Creates a new connection like this one; its passwords are not copied.</source>
        <translation>新建一个与此相同的连接；密码不会被复制。</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>移除(&amp;V)</translation>
    </message>
    <message>
        <source>Removes this connection and its passwords.</source>
        <translation>移除此连接及其密码。</translation>
    </message>
    <message>
        <source>A connection names the servers that a run loads: Kafka, PostgreSQL and Redis, with how to log in. Without one, everything runs embedded in Millrace.</source>
        <translation>连接指明运行所加载的服务器（Kafka、PostgreSQL 和 Redis）以及登录方式。没有连接时，一切都以内嵌方式在 Millrace 中运行。</translation>
    </message>
    <message>
        <source>Add a connection</source>
        <translation>添加连接</translation>
    </message>
    <message>
        <source>Where passwords are kept</source>
        <translation>密码的保管位置</translation>
    </message>
    <message>
        <source>Fields of the connection</source>
        <translation>连接的字段</translation>
    </message>
    <message>
        <source>Keeps what the fields say.</source>
        <translation>保存字段中的内容。</translation>
    </message>
    <message>
        <source>New connection</source>
        <translation>新建连接</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (副本)</translation>
    </message>
    <message>
        <source>Remove the connection?</source>
        <translation>移除该连接？</translation>
    </message>
    <message>
        <source>Remove the connection &apos;%1&apos; and the passwords that are kept for it?</source>
        <translation>移除连接“%1”以及为其保管的密码？</translation>
    </message>
    <message>
        <source>This desktop has no keychain: passwords are kept until Millrace ends, and asked for again at the next start.</source>
        <translation>此桌面没有密钥环：密码会保留到 Millrace 结束，下次启动时会再次询问。</translation>
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
        <translation>没有显示内容的原因</translation>
    </message>
</context>
<context>
    <name>app::FindBar</name>
    <message>
        <source>Find in the text</source>
        <translation>在文本中查找</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>The place before (%1)</source>
        <translation>上一处（%1）</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>The next place (%1)</source>
        <translation>下一处（%1）</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Back to the text (Esc)</source>
        <translation>返回文本（Esc）</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>未找到</translation>
    </message>
</context>
<context>
    <name>app::FleetRows</name>
    <message>
        <source>producer</source>
        <translation>生产者</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>尚无应答</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>失去应答，%1</translation>
    </message>
    <message>
        <source>began anew</source>
        <translation>已重新启动</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>有应答</translation>
    </message>
    <message>
        <source>in trouble</source>
        <translation>有问题</translation>
    </message>
    <message>
        <source>Its clocks have not been compared with ours yet.</source>
        <translation>其时钟尚未与本机时钟比较。</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>By so much its wall clock is ahead of ours; known to ±%1 ms, half of the shortest round trip. It does not change a figure: instants count from the run&apos;s beginning.</source>
        <translation>其系统时钟比本机快这么多；误差为 ±%1 ms，即最短往返时间的一半。这不影响任何指标：各时刻均从运行开始时算起。</translation>
    </message>
    <message>
        <source>Daemon</source>
        <translation>守护进程</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Only a producer sends.</source>
        <translation>只有生产者发送。</translation>
    </message>
    <message>
        <source>Only a consumer stores.</source>
        <translation>只有消费者存储。</translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1（%2）：%3</translation>
    </message>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1，另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>takes no part</source>
        <translation>不参与</translation>
    </message>
    <message>
        <source>It has not said yet what it is.</source>
        <translation>它尚未说明自己是什么。</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>daemon</source>
        <translation>守护进程</translation>
    </message>
</context>
<context>
    <name>app::FormFields</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What the run is called, 1 to 100 characters.</source>
        <translation>运行的名称，1 到 100 个字符。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed gives the same events and due times.</source>
        <translation>相同的种子产生相同的事件和相同的应发时刻。</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>Load at the first stage&apos;s rate before the stages, left out of the verdict but not of the ledger.</source>
        <translation>在各阶段之前以第一个阶段的速率施加的负载，不计入判定，但计入账本。</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>排空</translation>
    </message>
    <message>
        <source>How long the end waits for the consumer at most.</source>
        <translation>结束时最多等待消费者多长时间。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Of an encoded event: 285B, or {min: 200B, max: 600B, distribution: exponential}.</source>
        <translation>单个编码后事件的大小：285B，或 {min: 200B, max: 600B, distribution: exponential}。</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Weights of the levels; they need not add up to 100.</source>
        <translation>各级别的权重，总和不必为 100。</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Names with commas between them, equally frequent.</source>
        <translation>以逗号分隔的名称，出现频率相同。</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Key of the Kafka message: id, source, none, or {zipf: 1.1, keys: 10000}.</source>
        <translation>Kafka 消息的键：id、source、none，或 {zipf: 1.1, keys: 10000}。</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>generated, or {file: app.log}: the lines of a file, in order, round and round; relative to the scenario&apos;s file.</source>
        <translation>generated，或 {file: app.log}：按顺序循环使用文件中的各行；路径相对于场景文件。</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>{ratio: 1%, within: 10s}: share of events that repeat an earlier id, and how long after it.</source>
        <translation>{ratio: 1%, within: 10s}：重复先前 ID 的事件所占比例，以及在多长时间之内重复。</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Share of events whose payload is broken on purpose.</source>
        <translation>有效载荷被故意破坏的事件所占比例。</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Of the normal tier; the other tiers have topics of their own.</source>
        <translation>normal 层级的主题；其他层级各有自己的主题。</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>Of topics that are created.</source>
        <translation>新建主题的分区数。</translation>
    </message>
    <message>
        <source>worked out from the load</source>
        <translation>根据负载推算</translation>
    </message>
    <message>
        <source>Acks</source>
        <translation>确认 (acks)</translation>
    </message>
    <message>
        <source>Who has an event before it counts as acked: all, the leader (1) or nobody (0).</source>
        <translation>事件须由谁收到才算已确认：全部副本（all）、领导者（1）或无需任何人（0）。</translation>
    </message>
    <message>
        <source>Linger</source>
        <translation>等待时间 (linger)</translation>
    </message>
    <message>
        <source>How long a batch of the normal tier waits to fill.</source>
        <translation>normal 层级的批次等待填满的时间。</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>The largest batch of the normal tier.</source>
        <translation>normal 层级的最大批次。</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Of all tiers that say nothing themselves.</source>
        <translation>适用于所有未自行指定的层级。</translation>
    </message>
    <message>
        <source>Consumer group</source>
        <translation>消费者组</translation>
    </message>
    <message>
        <source>Of the reference consumer.</source>
        <translation>参考消费者所用的组。</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作线程</translation>
    </message>
    <message>
        <source>1 to 64.</source>
        <translation>1 到 64。</translation>
    </message>
    <message>
        <source>Events in one database transaction at most, 1 to 50000.</source>
        <translation>一个数据库事务中最多的事件数，1 到 50000。</translation>
    </message>
    <message>
        <source>How long a batch waits for more when nothing is at hand.</source>
        <translation>当前没有事件时，批次等待更多事件的时间。</translation>
    </message>
    <message>
        <source>Critical batch</source>
        <translation>critical 批次</translation>
    </message>
    <message>
        <source>The critical tier&apos;s batch.</source>
        <translation>critical 层级的批次。</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>死信</translation>
    </message>
    <message>
        <source>Where unreadable events go.</source>
        <translation>无法读取的事件的去向。</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>存活时间</translation>
    </message>
    <message>
        <source>How long an id is remembered, at least 1s.</source>
        <translation>ID 被记住的时间，至少 1s。</translation>
    </message>
    <message>
        <source>Prefix</source>
        <translation>前缀</translation>
    </message>
    <message>
        <source>Of the keys, 1 to 64 characters.</source>
        <translation>键的前缀，1 到 64 个字符。</translation>
    </message>
    <message>
        <source>Who consumes</source>
        <translation>由谁消费</translation>
    </message>
    <message>
        <source>Millrace with the settings below if nothing is written, none, or the table that somebody else&apos;s consumer fills: {audit: {table: events, id: id, stored_at: created_at}}.</source>
        <translation>留空：由 Millrace 按下面的设置消费；也可填写 none，或由他人的消费者写入的表：{audit: {table: events, id: id, stored_at: created_at}}。</translation>
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
        <translation>没有任何确认，%1 条在等待</translation>
    </message>
    <message>
        <source>acknowledges %1 of %2, %3 waiting</source>
        <translation>确认 %1（共 %2），%3 条在等待</translation>
    </message>
    <message>
        <source>gives the consumers nothing, %1 waiting</source>
        <translation>没有向消费者交付任何内容，%1 条在等待</translation>
    </message>
    <message>
        <source>does not answer, %1 waiting</source>
        <translation>没有应答，%1 条在等待</translation>
    </message>
    <message>
        <source>stores %1 of %2, %3 waiting</source>
        <translation>存储 %1（共 %2），%3 条在等待</translation>
    </message>
    <message>
        <source>is away, %1 events past the filter</source>
        <translation>不在，%1 条事件未经过滤</translation>
    </message>
    <message>
        <source>is late, %1 events sent too late</source>
        <translation>滞后，%1 条事件发送过晚</translation>
    </message>
    <message>
        <source>embedded broker</source>
        <translation>内置代理</translation>
    </message>
    <message>
        <source>filter in memory</source>
        <translation>内存过滤器</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 %2, for %3</source>
        <translation>%1 %2，已持续 %3</translation>
    </message>
</context>
<context>
    <name>app::HeatMap</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 到 %2</translation>
    </message>
    <message>
        <source>%1: most events took %2, the slowest %3 at %4.</source>
        <translation>%1：大多数事件用时 %2，最慢的为 %3，出现在 %4。</translation>
    </message>
    <message>
        <source>from (s)</source>
        <translation>起始 (s)</translation>
    </message>
    <message>
        <source>until (s)</source>
        <translation>结束 (s)</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>%1, most in %2: %3</source>
        <translation>%1，最多在 %2：%3</translation>
    </message>
</context>
<context>
    <name>app::HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Text of the document</source>
        <translation>文档正文</translation>
    </message>
</context>
<context>
    <name>app::HistogramChart</name>
    <message>
        <source>from (s)</source>
        <translation>不小于 (s)</translation>
    </message>
    <message>
        <source>to below (s)</source>
        <translation>小于 (s)</translation>
    </message>
    <message>
        <source>from the due time (events)</source>
        <translation>自应发时刻 (事件数)</translation>
    </message>
    <message>
        <source>from the actual send (events)</source>
        <translation>自实际发送 (事件数)</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 到 %2</translation>
    </message>
</context>
<context>
    <name>app::HistoryPage</name>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>Shows the report of the chosen run.</source>
        <translation>显示所选运行的报告。</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>比较(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>标签(&amp;T)…</translation>
    </message>
    <message>
        <source>Words by which the chosen runs can be found again.</source>
        <translation>便于以后找到所选运行的词语。</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>设为基线(&amp;B)</translation>
    </message>
    <message>
        <source>Other runs of this name are compared with the chosen one.</source>
        <translation>同名的其他运行将与所选运行比较。</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>删除(&amp;D)…</translation>
    </message>
    <message>
        <source>Deletes the folders of the chosen runs.</source>
        <translation>删除所选运行的文件夹。</translation>
    </message>
    <message>
        <source>Search by name, verdict or tag</source>
        <translation>按名称、判定或标签搜索</translation>
    </message>
    <message>
        <source>Search the runs</source>
        <translation>搜索运行</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Every run is kept and listed here, to be opened again and compared.</source>
        <translation>每次运行都会保留并列在这里，可以再次打开和比较。</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>选择场景</translation>
    </message>
    <message>
        <source>&amp;Back to the runs</source>
        <translation>返回运行列表(&amp;B)</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags of the chosen runs, separated by commas:</source>
        <translation>所选运行的标签，以逗号分隔：</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>删除运行</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s) with all their files? This cannot be undone.</source>
        <translation>
            <numerusform>删除 %n 次运行及其所有文件？此操作无法撤销。</numerusform>
        </translation>
    </message>
    <message>
        <source>Fi&amp;nish</source>
        <translation>结清(&amp;N)</translation>
    </message>
    <message>
        <source>Closes the ledger of a run that was killed, and judges it: what its broker still holds is stored first. A run with the embedded broker is kept as it was recorded.</source>
        <translation>结清被强制终止的运行的账本并作出判定：先存储其代理中尚存的事件。使用内嵌代理的运行按记录原样保留。</translation>
    </message>
    <message>
        <source>Where the runs are listed</source>
        <translation>运行列表的来源</translation>
    </message>
    <message>
        <source>The results folder, or a PostgreSQL of a saved connection, which knows its runs by name.</source>
        <translation>结果文件夹，或已保存连接的 PostgreSQL（它按名称记录其运行）。</translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>结果文件夹</translation>
    </message>
    <message>
        <source>Asking %1 for its runs…</source>
        <translation>正在向 %1 查询其运行…</translation>
    </message>
    <message>
        <source>No run is known there.</source>
        <translation>那里没有已知的运行。</translation>
    </message>
    <message>
        <source>Compares two to five chosen runs; the oldest one is the reference, unless one of them is the baseline. A single run is compared with the baseline of its name.</source>
        <translation>比较所选的两到五次运行；以最早的一次为参照，除非其中有基线。只选一次运行时，与其名称的基线比较。</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>显示文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>Opens the folder of the chosen run.</source>
        <translation>打开所选运行的文件夹。</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>导出(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>HTML（单个文件）(&amp;H)…</translation>
    </message>
    <message>
        <source>Figures as &amp;CSV…</source>
        <translation>指标存为 CSV(&amp;C)…</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>摘要（&amp;Markdown）…</translation>
    </message>
    <message>
        <source>This run does not lie in the results folder, so it is not listed here.</source>
        <translation>此次运行不在结果文件夹中，因此未列在这里。</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>保存比较</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
</context>
<context>
    <name>app::ItemColumns</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What rules, charts and reports call the stream.</source>
        <translation>规则、图表和报告中使用的数据流名称。</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>层级</translation>
    </message>
    <message>
        <source>How the stream&apos;s events travel: critical at once, normal after a short wait, analytics in large batches.</source>
        <translation>数据流的事件如何传送：critical 立即发送，normal 短暂等待后发送，analytics 以大批次发送。</translation>
    </message>
    <message>
        <source>Arrival</source>
        <translation>到达</translation>
    </message>
    <message>
        <source>even: at equal distances; poisson: at random, with the same totals.</source>
        <translation>even：等间隔；poisson：随机，总数相同。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>When the stream begins, counted from the end of the warm-up.</source>
        <translation>数据流开始的时间，从预热结束时算起。</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>The stretches of the stream&apos;s load, one after the other. The table below changes them.</source>
        <translation>数据流负载的各个区段，依次进行。可在下面的表格中修改。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>constant, ramp to a rate, pause, spike up and back, staircase, or sine.</source>
        <translation>constant（恒定）、ramp（渐变到某一速率）、pause（暂停）、spike（尖峰，升后回落）、staircase（阶梯）或 sine（正弦）。</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>How long the stage takes; of a staircase, how long each step does.</source>
        <translation>阶段持续的时间；对于阶梯，是每一级持续的时间。</translation>
    </message>
    <message>
        <source>Rate, to</source>
        <translation>速率/目标</translation>
    </message>
    <message>
        <source>Events per second: the rate of a constant stage, the rate that a ramp, spike or staircase leads to, the mean of a sine.</source>
        <translation>每秒事件数：恒定阶段的速率，渐变、尖峰或阶梯所达到的速率，或正弦的平均值。</translation>
    </message>
    <message>
        <source>From</source>
        <translation>起始速率</translation>
    </message>
    <message>
        <source>The first step of a staircase.</source>
        <translation>阶梯的第一级。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>级数</translation>
    </message>
    <message>
        <source>How many steps a staircase has.</source>
        <translation>阶梯共有多少级。</translation>
    </message>
    <message>
        <source>Amplitude</source>
        <translation>振幅</translation>
    </message>
    <message>
        <source>How far a sine swings around its mean.</source>
        <translation>正弦围绕平均值摆动的幅度。</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>周期</translation>
    </message>
    <message>
        <source>How long one swing of a sine takes.</source>
        <translation>正弦一次摆动所需的时间。</translation>
    </message>
    <message>
        <source>Stop at once</source>
        <translation>立即停止</translation>
    </message>
    <message>
        <source>Whether the run stops as soon as the rule is broken.</source>
        <translation>违反规则后是否立即停止运行。</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>What must hold, such as: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</source>
        <translation>必须满足的条件，例如：end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0。</translation>
    </message>
    <message>
        <source>During</source>
        <translation>适用区间</translation>
    </message>
    <message>
        <source>A stream&apos;s name or warmup; nothing: the whole measured part.</source>
        <translation>数据流的名称或 warmup；留空：整个测量区间。</translation>
    </message>
    <message>
        <source>Last run</source>
        <translation>上次运行</translation>
    </message>
    <message>
        <source>What this rule looks at, as the last run of this scenario measured it.</source>
        <translation>此规则所考察的值，由此场景的上次运行测得。</translation>
    </message>
</context>
<context>
    <name>app::ItemTable</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Adds one behind the chosen one.</source>
        <translation>在所选项之后添加一项。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Adds a copy behind the chosen one.</source>
        <translation>在所选项之后添加一个副本。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Removes the chosen one (Delete).</source>
        <translation>移除所选项（Delete）。</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Moves the chosen one up (Alt+Up).</source>
        <translation>将所选项上移（Alt+↑）。</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Moves the chosen one down (Alt+Down).</source>
        <translation>将所选项下移（Alt+↓）。</translation>
    </message>
</context>
<context>
    <name>app::KeychainSecretStore</name>
    <message>
        <source>The desktop&apos;s keychain refuses: %1</source>
        <translation>桌面的密钥环拒绝访问：%1</translation>
    </message>
</context>
<context>
    <name>app::LagCharts</name>
    <message>
        <source>Lag</source>
        <translation>滞后</translation>
    </message>
    <message>
        <source>events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>lag</source>
        <translation>滞后</translation>
    </message>
    <message>
        <source>Age of the first message that waits</source>
        <translation>首条等待中消息的等待时长</translation>
    </message>
    <message>
        <source>age</source>
        <translation>等待时长</translation>
    </message>
    <message>
        <source>The lag of the chosen group appears here.</source>
        <translation>所选组的滞后会显示在这里。</translation>
    </message>
</context>
<context>
    <name>app::LatencyChart</name>
    <message>
        <source>from the due time</source>
        <translation>自应发时刻</translation>
    </message>
    <message>
        <source>from the actual send</source>
        <translation>自实际发送</translation>
    </message>
    <message>
        <source>p%1 %2</source>
        <translation>p%1 %2</translation>
    </message>
    <message>
        <source>highest %1</source>
        <translation>最高 %1</translation>
    </message>
    <message>
        <source>%1: %2, of %3 values.</source>
        <translation>%1：%2，共 %3 个值。</translation>
    </message>
</context>
<context>
    <name>app::LevelChart</name>
    <message>
        <source>Events found by level</source>
        <translation>找到的事件（按级别）</translation>
    </message>
    <message>
        <source>The events that a search finds are counted here over time, by level.</source>
        <translation>搜索找到的事件会在这里随时间按级别计数。</translation>
    </message>
    <message>
        <source>%1, from %2 on: %3.</source>
        <translation>%1，自 %2 起：%3。</translation>
    </message>
    <message>
        <source>time after %1 (s)</source>
        <translation>%1 之后的时间 (s)</translation>
    </message>
</context>
<context>
    <name>app::LiveCharts</name>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>端到端延迟直方图</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>端到端延迟百分位数</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Percentiles</source>
        <translation>百分位数</translation>
    </message>
    <message>
        <source>last 10 seconds</source>
        <translation>最近 10 秒</translation>
    </message>
    <message>
        <source>whole run</source>
        <translation>整个运行</translation>
    </message>
    <message>
        <source>Part of the run whose latencies are shown</source>
        <translation>所显示延迟对应的运行区间</translation>
    </message>
    <message>
        <source>Waiting for the first events.</source>
        <translation>正在等待第一批事件。</translation>
    </message>
    <message>
        <source>Nothing was stored in the last 10 seconds.</source>
        <translation>最近 10 秒内没有存储任何事件。</translation>
    </message>
</context>
<context>
    <name>app::LivePage</name>
    <message>
        <source>Rates, latencies, the backlog and the ledger of a run appear here as soon as one is started.</source>
        <translation>运行开始后，其速率、延迟、积压和账本会立即显示在这里。</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>选择场景</translation>
    </message>
    <message>
        <source>Ledger of the run&apos;s events</source>
        <translation>运行的事件账本</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>账本</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>What happened, the newest first</source>
        <translation>发生的事情，最新的在前</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>数据流</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>过滤器</translation>
    </message>
    <message>
        <source>What the duplicate filter caught</source>
        <translation>去重过滤器拦截的内容</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Resources of this process and of the machine</source>
        <translation>本进程和本机的资源</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Errors and warnings by kind</source>
        <translation>按类型列出的错误和警告</translation>
    </message>
    <message>
        <source>The run did not start.</source>
        <translation>运行未启动。</translation>
    </message>
    <message>
        <source>Back to the scenario</source>
        <translation>返回场景</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Streams that the charts show</source>
        <translation>图表显示的数据流</translation>
    </message>
    <message>
        <source>all streams</source>
        <translation>所有数据流</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>How the rules stand</source>
        <translation>规则的状态</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>守护进程</translation>
    </message>
    <message>
        <source>How the daemons of the run stand</source>
        <translation>运行的守护进程的状态</translation>
    </message>
</context>
<context>
    <name>app::LiveTables</name>
    <message>
        <source>Known when the ledger is closed, at the end of the run.</source>
        <translation>在运行结束、账本结清后得知。</translation>
    </message>
    <message>
        <source>Too few events for this percentile since the last look.</source>
        <translation>自上次刷新以来事件太少，无法得出此百分位数。</translation>
    </message>
    <message>
        <source>Of %1 events.</source>
        <translation>基于 %1 个事件。</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>Send delay p99</source>
        <translation>发送延迟 p99</translation>
    </message>
    <message>
        <source>Ack p99</source>
        <translation>确认 p99</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>端到端 p99</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Events that have become due so far.</source>
        <translation>按调度计划，到目前为止应发的事件。</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Handed to the broker&apos;s client.</source>
        <translation>已交给代理的客户端。</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>代理已确认收到。</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Sent, and not yet reported on.</source>
        <translation>已发送，尚无结果报告。</translation>
    </message>
    <message>
        <source>unsent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>Could not be handed over within the tier&apos;s deadline, or before the end.</source>
        <translation>未能在层级的期限内或在结束之前交出。</translation>
    </message>
    <message>
        <source>shed</source>
        <translation>已丢弃</translation>
    </message>
    <message>
        <source>Events of the analytics tier that found no room for half a second and were given up.</source>
        <translation>analytics 层级中半秒内没有空位而被放弃的事件。</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Surely not persisted by the broker.</source>
        <translation>确定未被代理持久化。</translation>
    </message>
    <message>
        <source>in doubt</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Possibly persisted: the broker&apos;s answer was lost.</source>
        <translation>可能已被持久化：代理的应答丢失了。</translation>
    </message>
    <message>
        <source>polled</source>
        <translation>已拉取</translation>
    </message>
    <message>
        <source>Read by the consumers, in committed batches.</source>
        <translation>已由消费者读取，且所在批次已提交。</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>Committed in the store.</source>
        <translation>已提交到存储。</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Came twice and was stored once.</source>
        <translation>到达两次，只存储一次。</translation>
    </message>
    <message>
        <source>dead-lettered</source>
        <translation>死信</translation>
    </message>
    <message>
        <source>Could not be read; kept with its bytes.</source>
        <translation>无法读取；按原始字节保留。</translation>
    </message>
    <message>
        <source>foreign</source>
        <translation>外来</translation>
    </message>
    <message>
        <source>Not generated by this run.</source>
        <translation>不是由本次运行产生的。</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>Acknowledged by the broker and never stored: must be 0.</source>
        <translation>代理已确认但从未存储：必须为 0。</translation>
    </message>
    <message>
        <source>doubled</source>
        <translation>重复存储</translation>
    </message>
    <message>
        <source>Stored twice: must be 0.</source>
        <translation>存储了两次：必须为 0。</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>数据流</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>层级</translation>
    </message>
    <message>
        <source>Share of all duplicates that the filter caught before the database had to look.</source>
        <translation>在所有重复中，在数据库查找之前就被过滤器拦截的比例。</translation>
    </message>
    <message>
        <source>caught by the filter</source>
        <translation>由过滤器拦截</translation>
    </message>
    <message>
        <source>Known to the duplicate filter: database work saved.</source>
        <translation>去重过滤器已知：节省了数据库的工作。</translation>
    </message>
    <message>
        <source>caught within a batch</source>
        <translation>在批次内拦截</translation>
    </message>
    <message>
        <source>Twice in one batch.</source>
        <translation>在同一批次中出现两次。</translation>
    </message>
    <message>
        <source>caught by the database</source>
        <translation>由数据库拦截</translation>
    </message>
    <message>
        <source>Found by the primary key.</source>
        <translation>由主键发现。</translation>
    </message>
    <message>
        <source>hit ratio</source>
        <translation>命中率</translation>
    </message>
    <message>
        <source>No duplicate has come yet.</source>
        <translation>尚未出现重复。</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>未询问</translation>
    </message>
    <message>
        <source>Events stored without asking the filter, because it was unavailable.</source>
        <translation>因过滤器不可用，未经询问就存储的事件。</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Processor cores in use by this process.</source>
        <translation>本进程正在使用的处理器核心数。</translation>
    </message>
    <message>
        <source>Processor cores in use on the whole machine, of those there are.</source>
        <translation>整机正在使用的处理器核心数，以及核心总数。</translation>
    </message>
    <message>
        <source>CPU of this process</source>
        <translation>本进程的 CPU</translation>
    </message>
    <message>
        <source>CPU of the machine</source>
        <translation>本机的 CPU</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>memory of this process</source>
        <translation>本进程的内存</translation>
    </message>
    <message>
        <source>memory available</source>
        <translation>可用内存</translation>
    </message>
    <message>
        <source>disk written</source>
        <translation>磁盘写入</translation>
    </message>
    <message>
        <source>network in</source>
        <translation>网络流入</translation>
    </message>
    <message>
        <source>network out</source>
        <translation>网络流出</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>First</source>
        <translation>首次</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>末次</translation>
    </message>
    <message>
        <source>At</source>
        <translation>时刻</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, dead-lettered %4; since the start.</source>
        <translation>未发送 %1，失败 %2，存疑 %3，死信 %4；自开始以来。</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>最近 1 分钟</translation>
    </message>
    <message>
        <source>Stored events per second.</source>
        <translation>每秒存储的事件数。</translation>
    </message>
    <message>
        <source>Not known: nobody consumes.</source>
        <translation>未知：无人消费。</translation>
    </message>
    <message>
        <source>Not known: somebody else&apos;s program consumes, and only its table tells of it.</source>
        <translation>未知：由他人的程序消费，只能从其表中得知。</translation>
    </message>
</context>
<context>
    <name>app::LoadCurveChart</name>
    <message>
        <source>Planned load</source>
        <translation>计划负载</translation>
    </message>
    <message>
        <source>The load over time will be drawn here once the scenario is complete.</source>
        <translation>场景完整后，这里会绘制负载随时间的变化。</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>total</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>其他 %1 个</translation>
    </message>
</context>
<context>
    <name>app::LoadFigures</name>
    <message>
        <source>about %1</source>
        <translation>约 %1</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Events of all streams&apos; stages, by the schedule that will run; the warm-up&apos;s are apart.</source>
        <translation>按照将要执行的调度计划，所有数据流各阶段的事件；预热的事件另计。</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>Events before the stages, left out of the verdict but not of the ledger.</source>
        <translation>各阶段之前的事件，不计入判定，但计入账本。</translation>
    </message>
    <message>
        <source>Peak rate</source>
        <translation>峰值速率</translation>
    </message>
    <message>
        <source>The highest rate of all streams together.</source>
        <translation>所有数据流合计的最高速率。</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Of warm-up and stages; the drain comes after.</source>
        <translation>预热和各阶段的时长；排空在其后。</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>有效载荷</translation>
    </message>
    <message>
        <source>The bytes of all encoded events, uncompressed.</source>
        <translation>所有编码后事件的字节数，未压缩。</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Stored rows of about 250 B each, and about 40 B each of the primary key&apos;s index.</source>
        <translation>存储的每行约 250 B，主键索引每行约 40 B。</translation>
    </message>
    <message>
        <source>Redis memory</source>
        <translation>Redis 内存</translation>
    </message>
    <message>
        <source>About 100 B for each id that is remembered at the same time: events within dedupe.ttl.</source>
        <translation>同时记住的每个 ID（即 dedupe.ttl 之内的事件）约 100 B。</translation>
    </message>
    <message>
        <source>Not known: the scenario has problems.</source>
        <translation>未知：场景存在问题。</translation>
    </message>
</context>
<context>
    <name>app::LogDetails</name>
    <message>
        <source>%1 · %2 · %3 · trace %4
id %5 · processed %6</source>
        <translation>%1 · %2 · %3 · 跟踪 %4
id %5 · 处理于 %6</translation>
    </message>
    <message>
        <source>
The message goes on; the store holds all of it, and the first 65,536 characters are shown.</source>
        <translation>
消息还有后续内容；存储中保有全文，此处显示前 65,536 个字符。</translation>
    </message>
    <message>
        <source>Fields of the chosen event</source>
        <translation>所选事件的字段</translation>
    </message>
    <message>
        <source>Message of the chosen event</source>
        <translation>所选事件的消息</translation>
    </message>
    <message>
        <source>Copy messa&amp;ge</source>
        <translation>复制消息(&amp;G)</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Copy all fields of the event</source>
        <translation>复制事件的所有字段</translation>
    </message>
    <message>
        <source>Choose an event to read all of it here.</source>
        <translation>选择一个事件，在此阅读其全部内容。</translation>
    </message>
    <message>
        <source>due %1 · sent – · acked – · polled – · stored %2 after it was due</source>
        <translation>应发 %1 · 发送 – · 确认 – · 拉取 – · 存储于应发时刻后 %2</translation>
    </message>
    <message>
        <source>When an event was due stands in its id; when it was stored is the time that the store noted with its batch, by its own clock. When it was sent, acked and polled is counted for all events together and kept with none.</source>
        <translation>事件的应发时刻包含在其 ID 中；存储时刻是存储按自身时钟随批次记下的时间。发送、确认和拉取的时刻只对所有事件合并统计，不随单个事件保存。</translation>
    </message>
    <message>
        <source>Copy a&amp;ll</source>
        <translation>全部复制(&amp;L)</translation>
    </message>
</context>
<context>
    <name>app::LogFilterBar</name>
    <message>
        <source>Store to search</source>
        <translation>要搜索的存储</translation>
    </message>
    <message>
        <source>Where the events were stored: a run&apos;s own file, or the PostgreSQL of a connection.</source>
        <translation>事件的存储位置：某次运行自己的文件，或某个连接的 PostgreSQL。</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Names of sources as they were stored, with commas between them. Empty: all.</source>
        <translation>存储时的来源名称，以逗号分隔。留空：全部。</translation>
    </message>
    <message>
        <source>all sources</source>
        <translation>所有来源</translation>
    </message>
    <message>
        <source>Text in the message</source>
        <translation>消息中的文本</translation>
    </message>
    <message>
        <source>Found anywhere in the message, in upper or lower case. %, _ and * stand for themselves.</source>
        <translation>在消息中的任意位置查找，不区分大小写。%、_ 和 * 均按字面处理。</translation>
    </message>
    <message>
        <source>anything</source>
        <translation>任意内容</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Looks for the newest events that fit.</source>
        <translation>查找符合条件的最新事件。</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>停止(&amp;P)</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>停止搜索</translation>
    </message>
    <message>
        <source>Ends the search; what was found stays.</source>
        <translation>结束搜索；已找到的内容会保留。</translation>
    </message>
    <message>
        <source>Te&amp;xt</source>
        <translation>文本(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Clear filters</source>
        <translation>清除筛选(&amp;C)</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Any source, level, time and text again.</source>
        <translation>恢复为任意来源、级别、时间和文本。</translation>
    </message>
    <message>
        <source>Level %1</source>
        <translation>级别 %1</translation>
    </message>
    <message>
        <source>Only the levels that are ticked; none ticked: all.</source>
        <translation>仅限勾选的级别；一个都不勾选：全部。</translation>
    </message>
    <message>
        <source>Local time, compared with the time in an event&apos;s id (when it was due). Events whose id is no UUID of version 7 hold no such time: they are found without times only.</source>
        <translation>本地时间，与事件 ID 中的时间（应发时刻）比较。ID 不是版本 7 UUID 的事件不含该时间：只有不设时间条件时才能找到。</translation>
    </message>
    <message>
        <source>Only from a time on</source>
        <translation>仅限某一时间之后</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>至(&amp;T)</translation>
    </message>
    <message>
        <source>Only before a time</source>
        <translation>仅限某一时间之前</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Se&amp;arch</source>
        <translation>搜索(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Store</source>
        <translation>存储(&amp;S)</translation>
    </message>
    <message>
        <source>So&amp;urce</source>
        <translation>来源(&amp;U)</translation>
    </message>
    <message>
        <source>Fr&amp;om</source>
        <translation>从(&amp;O)</translation>
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
        <translation>存储中的这个时间超出了日历可表示的范围。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
</context>
<context>
    <name>app::LogsPage</name>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Why the search failed</source>
        <translation>搜索失败的原因</translation>
    </message>
    <message>
        <source>Events that were found, the newest first</source>
        <translation>找到的事件，最新的在前</translation>
    </message>
    <message>
        <source>State of the search</source>
        <translation>搜索的状态</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>更多(&amp;M)</translation>
    </message>
    <message>
        <source>Search further back</source>
        <translation>继续向前搜索</translation>
    </message>
    <message>
        <source>Goes on where the search has stopped, towards older events.</source>
        <translation>从搜索停止处继续，查找更早的事件。</translation>
    </message>
    <message>
        <source>Events that were stored can be searched here, but there is no store yet: run a scenario, or save a connection to a PostgreSQL.</source>
        <translation>可以在这里搜索已存储的事件，但目前还没有存储：请运行一个场景，或保存一个到 PostgreSQL 的连接。</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>转到“连接”</translation>
    </message>
    <message>
        <source>Events that were stored appear here, the newest first, once you search.</source>
        <translation>搜索后，已存储的事件会显示在这里，最新的在前。</translation>
    </message>
    <message>
        <source>Search now</source>
        <translation>立即搜索</translation>
    </message>
    <message>
        <source>Asking for what %1 needs to let us in…</source>
        <translation>正在获取 %1 所需的登录信息…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>Searching further back…</source>
        <translation>正在继续向前搜索…</translation>
    </message>
    <message>
        <source>Stopped. Rows shown: %1.</source>
        <translation>已停止。显示行数：%1。</translation>
    </message>
    <message>
        <source>No event matches the filters.</source>
        <translation>没有符合条件的已存储事件。</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>ids without a time</source>
        <translation>没有时间的 ID</translation>
    </message>
    <message>
        <source>Rows shown: %1, which is all that this page keeps. Narrow the search, or set To to %2, for older ones.</source>
        <translation>显示行数：%1，已达本页可保留的上限。要查看更早的事件，请缩小搜索范围，或将“至”设为 %2。</translation>
    </message>
    <message>
        <source>Rows shown: %1. There are no older ones that fit.</source>
        <translation>显示行数：%1。没有更早的符合条件的事件。</translation>
    </message>
    <message>
        <source>Rows shown: %1, back to %2. There may be more.</source>
        <translation>显示行数：%1，最早到 %2。可能还有更多。</translation>
    </message>
    <message>
        <source>Rows shown: %1. A million rows were looked at, back to %2; More goes on.</source>
        <translation>显示行数：%1。已检查一百万行，最早到 %2；点击“更多”可继续。</translation>
    </message>
    <message>
        <source>Rows shown: %1. Time was up at %2; More goes on.</source>
        <translation>显示行数：%1。搜索到 %2 时已超时；点击“更多”可继续。</translation>
    </message>
    <message>
        <source>The search failed: %1</source>
        <translation>搜索失败：%1</translation>
    </message>
    <message>
        <source>Follo&amp;w</source>
        <translation>跟随(&amp;W)</translation>
    </message>
    <message>
        <source>Follow the newest events</source>
        <translation>跟随最新的事件</translation>
    </message>
    <message>
        <source>Asks again for the newest events that fit, about once a second, until it is pressed again.</source>
        <translation>约每秒重新查询一次符合条件的最新事件，直到再次按下。</translation>
    </message>
    <message>
        <source>Sa&amp;ve as CSV…</source>
        <translation>保存为 CSV(&amp;V)…</translation>
    </message>
    <message>
        <source>Save the events as CSV</source>
        <translation>将事件保存为 CSV</translation>
    </message>
    <message>
        <source>Writes the events that are shown, with all their fields, to a file.</source>
        <translation>将显示的事件连同其所有字段写入文件。</translation>
    </message>
    <message>
        <source>Following. Rows shown: %1, the newest that fit.</source>
        <translation>正在跟随。显示行数：%1，为符合条件的最新事件。</translation>
    </message>
    <message>
        <source>Save the events</source>
        <translation>保存事件</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV 表格 (*.csv)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
</context>
<context>
    <name>app::MainWindow</name>
    <message>
        <source>Scenario</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>A run is on</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>Stop the run, store what was sent, and close the window when the ledger is closed?</source>
        <translation>停止运行、存储已发送的事件，并在账本结清后关闭窗口？</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;About Millrace</source>
        <translation>关于 Millrace(&amp;A)</translation>
    </message>
    <message>
        <source>About Millrace</source>
        <translation>关于 Millrace</translation>
    </message>
    <message>
        <source>Millrace %1 load-tests log pipelines and ends every run with a verdict.

License: GNU General Public License, version 3 or later.</source>
        <translation>Millrace %1 对日志管道进行负载测试，并为每次运行给出判定。

许可证：GNU 通用公共许可证第 3 版或更高版本。</translation>
    </message>
    <message>
        <source>broker</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>store</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>duplicate filter</source>
        <translation>去重过滤器</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>&apos;%1&apos; of %2</source>
        <translation>“%1”（%2）</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) were killed before their ledgers were closed. Their journals hold what was recorded.</source>
        <translation>
            <numerusform>%n 次运行在账本结清前被强制终止；其日志中的内容仍在。</numerusform>
        </translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后</translation>
    </message>
    <message>
        <source>The run %1 was killed before its ledger was closed. Its journal holds what was recorded.</source>
        <translation>运行 %1 在账本结清前被强制终止；其日志中的内容仍在。</translation>
    </message>
    <message>
        <source>Open what was recorded</source>
        <translation>打开记录</translation>
    </message>
    <message>
        <source>Finish it</source>
        <translation>结清</translation>
    </message>
    <message>
        <source>The run %1 can be finished when the one that is on is over.</source>
        <translation>当前运行结束后才能结清运行 %1。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The run %1 is being finished: what its broker still holds is stored.</source>
        <translation>正在结清运行 %1：存储其代理中尚存的事件。</translation>
    </message>
    <message>
        <source>The run %1 could not be finished. %2</source>
        <translation>无法结清运行 %1。%2</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>&amp;Contents</source>
        <translation>目录(&amp;C)</translation>
    </message>
    <message>
        <source>A killed run is being finished. Start this one when that is over.</source>
        <translation>正在结清一次被强制终止的运行。请等它完成后再启动。</translation>
    </message>
    <message>
        <source>The run %1 is being finished with what its journal holds.</source>
        <translation>正在用日志中的记录结清运行 %1。</translation>
    </message>
    <message>
        <source>%1 % – %2 on %3 – Millrace</source>
        <translation>%1 % – %2 – 目标：%3 – Millrace</translation>
    </message>
    <message>
        <source>%1%2 on %3 – Millrace</source>
        <translation>%1%2 – 目标：%3 – Millrace</translation>
    </message>
    <message>
        <source>Where Start sends the load</source>
        <translation>“开始”将负载发往何处</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>目标：%1</translation>
    </message>
    <message>
        <source>Start sends the load to: %1</source>
        <translation>“开始”将负载发往：%1</translation>
    </message>
    <message>
        <source>Load on other hosts</source>
        <translation>对其他主机的负载</translation>
    </message>
    <message>
        <source>This run sends its load to %1. Start it?</source>
        <translation>此次运行会将负载发往 %1。要开始吗？</translation>
    </message>
    <message>
        <source>This is asked once for these servers.</source>
        <translation>对这些服务器只询问一次。</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>开始运行(&amp;S)</translation>
    </message>
    <message>
        <source>O&amp;pen a result…</source>
        <translation>打开结果(&amp;P)…</translation>
    </message>
    <message>
        <source>Store of this run</source>
        <translation>本次运行的存储</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>A&amp;udit a table…</source>
        <translation>审计表(&amp;U)…</translation>
    </message>
    <message>
        <source>Broker of this run</source>
        <translation>本次运行的代理</translation>
    </message>
</context>
<context>
    <name>app::MarkText</name>
    <message>
        <source>warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>排空</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>burst</source>
        <translation>突发</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>速率更改</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>rebalance</source>
        <translation>重平衡</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>违反规则</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>outage</source>
        <translation>中断</translation>
    </message>
</context>
<context>
    <name>app::MessageDetails</name>
    <message>
        <source>There is no payload: in a compacted topic this deletes the key.</source>
        <translation>没有有效载荷：在压实主题中，这会删除该键。</translation>
    </message>
    <message>
        <source>
… The payload goes on: it has %1, and its beginning is shown.</source>
        <translation>
… 有效载荷还有后续内容：共 %1，此处显示其开头部分。</translation>
    </message>
    <message>
        <source>%1 · partition %2 · offset %3 · %4 · key %5</source>
        <translation>%1 · 分区 %2 · 偏移量 %3 · %4 · 键 %5</translation>
    </message>
    <message>
        <source>no payload</source>
        <translation>无有效载荷</translation>
    </message>
    <message>
        <source>Place, size and key of the chosen message</source>
        <translation>所选消息的位置、大小和键</translation>
    </message>
    <message>
        <source>Payload of the chosen message</source>
        <translation>所选消息的有效载荷</translation>
    </message>
    <message>
        <source>Bytes of the chosen message&apos;s payload</source>
        <translation>所选消息有效载荷的字节</translation>
    </message>
    <message>
        <source>Headers of the chosen message</source>
        <translation>所选消息的标头</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Ways to read the chosen message</source>
        <translation>所选消息的查看方式</translation>
    </message>
    <message>
        <source>Formatted</source>
        <translation>格式化</translation>
    </message>
    <message>
        <source>Original bytes</source>
        <translation>原始字节</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>标头</translation>
    </message>
    <message>
        <source>Cop&amp;y message</source>
        <translation>复制消息(&amp;Y)</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>All of it as a line of JSON: place, time, key, headers and payload.</source>
        <translation>全部内容作为一行 JSON：位置、时间、键、标头和有效载荷。</translation>
    </message>
    <message>
        <source>Copy &amp;key</source>
        <translation>复制键(&amp;K)</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>复制键</translation>
    </message>
    <message>
        <source>As text; bytes that are no text as base64.</source>
        <translation>作为文本；非文本的字节以 base64 表示。</translation>
    </message>
    <message>
        <source>Copy &amp;value</source>
        <translation>复制值(&amp;V)</translation>
    </message>
    <message>
        <source>Copy the value</source>
        <translation>复制值</translation>
    </message>
    <message>
        <source>The payload as it is; bytes that are no text as base64.</source>
        <translation>有效载荷原样复制；非文本的字节以 base64 表示。</translation>
    </message>
    <message>
        <source>Save value…</source>
        <translation>保存值…</translation>
    </message>
    <message>
        <source>Save the value to a file</source>
        <translation>将值保存到文件</translation>
    </message>
    <message>
        <source>Writes the payload, byte by byte, to a file.</source>
        <translation>将有效载荷逐字节写入文件。</translation>
    </message>
    <message>
        <source>Headers (%1)</source>
        <translation>标头 (%1)</translation>
    </message>
    <message>
        <source>Choose a message to read all of it here.</source>
        <translation>选择一条消息，在此阅读其全部内容。</translation>
    </message>
</context>
<context>
    <name>app::MessageFilterBar</name>
    <message>
        <source>What is wrong with the filter</source>
        <translation>过滤器的问题所在</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>The Kafka cluster of a saved connection, or that of the last run.</source>
        <translation>已保存连接的 Kafka 集群，或上次运行的集群。</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>The topic to read. Choose one from the list, or type its name.</source>
        <translation>要读取的主题。从列表中选择，或输入其名称。</translation>
    </message>
    <message>
        <source>name of a topic</source>
        <translation>主题名称</translation>
    </message>
    <message>
        <source>Name of the topic</source>
        <translation>主题的名称</translation>
    </message>
    <message>
        <source>&amp;List topics</source>
        <translation>列出主题(&amp;L)</translation>
    </message>
    <message>
        <source>List the topics</source>
        <translation>列出主题</translation>
    </message>
    <message>
        <source>Asks the cluster which topics there are.</source>
        <translation>向集群查询有哪些主题。</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>One partition alone, or all of them together, in the order of their messages&apos; times.</source>
        <translation>单独一个分区，或所有分区合在一起，按消息的时间排序。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Co&amp;nnection</source>
        <translation>连接(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Topic</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Partition</source>
        <translation>分区(&amp;P)</translation>
    </message>
    <message>
        <source>Where to begin</source>
        <translation>起始位置</translation>
    </message>
    <message>
        <source>Where the reading begins. What comes after the last message is shown as it comes.</source>
        <translation>读取的起始位置。最后一条消息之后新到的消息会随到随显示。</translation>
    </message>
    <message>
        <source>what comes now</source>
        <translation>新到的消息</translation>
    </message>
    <message>
        <source>the oldest message</source>
        <translation>最早的消息</translation>
    </message>
    <message>
        <source>the last messages</source>
        <translation>最后的消息</translation>
    </message>
    <message>
        <source>an offset</source>
        <translation>偏移量</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>How many of the last messages</source>
        <translation>最后消息的条数</translation>
    </message>
    <message>
        <source>So many of the newest messages of all partitions together.</source>
        <translation>所有分区合计的最新消息条数。</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>偏移量</translation>
    </message>
    <message>
        <source>An offset of the partition that is named; each partition counts its own.</source>
        <translation>所指定分区的偏移量；每个分区各自计数。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Local time. In each partition the first message of this time or later comes first.</source>
        <translation>本地时间。每个分区从此时间或之后的第一条消息开始。</translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation>起始位置(&amp;B)</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>过滤器</translation>
    </message>
    <message>
        <source>Only messages that fulfil all conditions, as: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Empty: all messages.</source>
        <translation>仅限满足所有条件的消息，例如：key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;。留空：所有消息。</translation>
    </message>
    <message>
        <source>all messages, or for example: json level = ERROR and text contains &quot;timed out&quot;</source>
        <translation>所有消息，或例如：json level = ERROR and text contains &quot;timed out&quot;</translation>
    </message>
    <message>
        <source>Co&amp;mmitted only</source>
        <translation>仅已提交(&amp;M)</translation>
    </message>
    <message>
        <source>Committed only</source>
        <translation>仅已提交</translation>
    </message>
    <message>
        <source>Leaves out messages of transactions that were aborted or are still open.</source>
        <translation>忽略已中止或仍未结束的事务的消息。</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>开始(&amp;S)</translation>
    </message>
    <message>
        <source>Start reading</source>
        <translation>开始读取</translation>
    </message>
    <message>
        <source>Reads the topic anew. No group is joined and nothing is committed.</source>
        <translation>重新读取主题。不加入任何组，也不提交任何内容。</translation>
    </message>
    <message>
        <source>P&amp;ause</source>
        <translation>暂停(&amp;A)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Holds the list still, until it is pressed again. What comes meanwhile waits in the cluster.</source>
        <translation>使列表保持不动，直到再次按下。期间新到的消息在集群中等待。</translation>
    </message>
    <message>
        <source>F&amp;ilter</source>
        <translation>过滤器(&amp;I)</translation>
    </message>
    <message>
        <source>The filter, %1</source>
        <translation>过滤器，%1</translation>
    </message>
</context>
<context>
    <name>app::MessagesModel</name>
    <message>
        <source>no payload: it deletes its key</source>
        <translation>无有效载荷：删除其键</translation>
    </message>
    <message>
        <source>When its producer created it, by that machine&apos;s clock.</source>
        <translation>生产者创建它的时间，以生产者所在机器的时钟为准。</translation>
    </message>
    <message>
        <source>When the broker appended it to the log.</source>
        <translation>代理将其追加到日志的时间。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>偏移量</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>有效载荷</translation>
    </message>
</context>
<context>
    <name>app::MessagesPage</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Why the reading failed</source>
        <translation>读取失败的原因</translation>
    </message>
    <message>
        <source>Messages, the newest last</source>
        <translation>消息，最新的在后</translation>
    </message>
    <message>
        <source>State of the reading</source>
        <translation>读取的状态</translation>
    </message>
    <message>
        <source>&amp;Older</source>
        <translation>较早(&amp;O)</translation>
    </message>
    <message>
        <source>Read older messages</source>
        <translation>读取较早的消息</translation>
    </message>
    <message>
        <source>The messages before the first one shown.</source>
        <translation>所显示的第一条消息之前的消息。</translation>
    </message>
    <message>
        <source>Ne&amp;wer</source>
        <translation>较新(&amp;W)</translation>
    </message>
    <message>
        <source>Read newer messages</source>
        <translation>读取较新的消息</translation>
    </message>
    <message>
        <source>The next messages of the log; behind the last of them, what comes is shown.</source>
        <translation>日志中接下来的消息；到最后一条之后，显示新到的消息。</translation>
    </message>
    <message>
        <source>Save as &amp;JSON lines…</source>
        <translation>保存为 JSON Lines(&amp;J)…</translation>
    </message>
    <message>
        <source>Save the messages as JSON lines</source>
        <translation>将消息保存为 JSON Lines</translation>
    </message>
    <message>
        <source>Writes the messages that are shown to a file, one line of JSON each.</source>
        <translation>将显示的消息写入文件，每条一行 JSON。</translation>
    </message>
    <message>
        <source>Save the messages</source>
        <translation>保存消息</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>%1 The reading goes on as soon as it answers.</source>
        <translation>%1 一旦有应答，读取就会继续。</translation>
    </message>
    <message>
        <source>No message that fits has come yet. What comes is shown here.</source>
        <translation>尚未收到符合条件的消息。新到的消息会显示在这里。</translation>
    </message>
    <message>
        <source>Show the last messages</source>
        <translation>显示最后的消息</translation>
    </message>
    <message>
        <source>Asking for what the cluster needs to let us in…</source>
        <translation>正在获取集群所需的登录信息…</translation>
    </message>
    <message>
        <source>Looking for the place to begin…</source>
        <translation>正在查找起始位置…</translation>
    </message>
    <message>
        <source>The log goes on: Newer shows the next messages.</source>
        <translation>日志还有后续内容：点击“较新”可显示接下来的消息。</translation>
    </message>
    <message>
        <source>Following what comes.</source>
        <translation>正在跟随新到的消息。</translation>
    </message>
    <message>
        <source>Waiting for the cluster.</source>
        <translation>正在等待集群。</translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation>已暂停。</translation>
    </message>
    <message>
        <source>Looked at: %1, match: %2, shown: %3, newest %4 ago.</source>
        <translation>已检查：%1，匹配：%2，显示：%3，最新的在 %4 前。</translation>
    </message>
    <message>
        <source>Skipped to keep up: %1.</source>
        <translation>为跟上进度而跳过：%1。</translation>
    </message>
    <message>
        <source>Deleted before they were read: %1.</source>
        <translation>读取之前已被删除：%1。</translation>
    </message>
    <message>
        <source>No more than these are kept; the oldest make room.</source>
        <translation>已达可保留的上限；最早的会让出位置。</translation>
    </message>
    <message>
        <source>The messages of any topic can be read here, but no Kafka cluster is known yet: save a connection to one.</source>
        <translation>可以在这里阅读任意主题的消息，但目前还没有已知的 Kafka 集群：请保存一个到 Kafka 集群的连接。</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>转到“连接”</translation>
    </message>
    <message>
        <source>The messages of a topic appear here once you choose one and start. Reading leaves no trace in the cluster: no group is joined and nothing is committed.</source>
        <translation>选择主题并开始后，其消息会显示在这里。读取不会在集群中留下痕迹：不加入任何组，也不提交任何内容。</translation>
    </message>
    <message>
        <source>List the topics of this connection</source>
        <translation>列出此连接的主题</translation>
    </message>
    <message>
        <source>Save the value</source>
        <translation>保存值</translation>
    </message>
    <message>
        <source>This page holds the first %1 of this value only; &apos;millraced messages --json&apos; writes all of it.</source>
        <translation>本页仅保有此值的前 %1；“millraced messages --json”可写出全部内容。</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
</context>
<context>
    <name>app::MonitorPage</name>
    <message>
        <source>Monitor</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>What is missing</source>
        <translation>缺少的内容</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Cluster to watch</source>
        <translation>要监视的集群</translation>
    </message>
    <message>
        <source>The Kafka of a saved connection. Watching generates no load and changes nothing.</source>
        <translation>已保存连接的 Kafka。监视不产生负载，也不做任何更改。</translation>
    </message>
    <message>
        <source>Cl&amp;uster</source>
        <translation>集群(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation>监视(&amp;W)</translation>
    </message>
    <message>
        <source>Asks the cluster at most five times per second.</source>
        <translation>每秒最多询问集群五次。</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>停止(&amp;P)</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>停止监视</translation>
    </message>
    <message>
        <source>What was seen stays.</source>
        <translation>已看到的内容会保留。</translation>
    </message>
    <message>
        <source>State of the monitor</source>
        <translation>监视的状态</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a Kafka cluster can be watched here without any load, but there is no connection to one yet.</source>
        <translation>可以在这里监视 Kafka 集群的主题、消费者组和滞后，不产生任何负载，但目前还没有到 Kafka 集群的连接。</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>转到“连接”</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a cluster appear here once you watch it. It generates no load.</source>
        <translation>开始监视后，集群的主题、消费者组和滞后会显示在这里。不产生负载。</translation>
    </message>
    <message>
        <source>Watch it now</source>
        <translation>立即监视</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>正在连接 %1…</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>数据过时，%1</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>正在监视</translation>
    </message>
    <message>
        <source>Alarms broken: %1</source>
        <translation>违反的告警：%1</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>正在重试</translation>
    </message>
</context>
<context>
    <name>app::PercentileChart</name>
    <message>
        <source>percentile</source>
        <translation>百分位数</translation>
    </message>
    <message>
        <source>from the due time (s)</source>
        <translation>自应发时刻 (s)</translation>
    </message>
    <message>
        <source>from the actual send (s)</source>
        <translation>自实际发送 (s)</translation>
    </message>
</context>
<context>
    <name>app::PhaseText</name>
    <message>
        <source>getting ready</source>
        <translation>准备中</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>阶段 %1</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>排空</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>paused in %1</source>
        <translation>已暂停 (%1)</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1，剩余 %2</translation>
    </message>
</context>
<context>
    <name>app::ProblemText</name>
    <message>
        <source>stream %1</source>
        <translation>数据流 %1</translation>
    </message>
    <message>
        <source>stream &quot;%1&quot;</source>
        <translation>数据流“%1”</translation>
    </message>
    <message>
        <source>rule %1</source>
        <translation>规则 %1</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>阶段 %1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
</context>
<context>
    <name>app::ReportPage</name>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>HTML（单个文件）(&amp;H)…</translation>
    </message>
    <message>
        <source>&amp;PDF…</source>
        <translation>PDF(&amp;P)…</translation>
    </message>
    <message>
        <source>Charts as P&amp;NG…</source>
        <translation>图表存为 PNG(&amp;N)…</translation>
    </message>
    <message>
        <source>Charts as &amp;SVG…</source>
        <translation>图表存为 SVG(&amp;S)…</translation>
    </message>
    <message>
        <source>Tables and charts as &amp;CSV…</source>
        <translation>表格和图表存为 CSV(&amp;C)…</translation>
    </message>
    <message>
        <source>The result as &amp;JSON…</source>
        <translation>结果存为 JSON(&amp;J)…</translation>
    </message>
    <message>
        <source>J&amp;Unit XML…</source>
        <translation>JUnit XML(&amp;U)…</translation>
    </message>
    <message>
        <source>HdrHistogram &amp;files…</source>
        <translation>HdrHistogram 文件(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Open a result…</source>
        <translation>打开结果(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Compare…</source>
        <translation>比较(&amp;C)…</translation>
    </message>
    <message>
        <source>Chooses runs to compare with this one.</source>
        <translation>选择要与本次运行比较的运行。</translation>
    </message>
    <message>
        <source>The report of a run appears here when it has ended: its verdict, what was measured, and why.</source>
        <translation>运行结束后，其报告会显示在这里：判定、测量结果及原因。</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>选择场景</translation>
    </message>
    <message>
        <source>Open a result</source>
        <translation>打开结果</translation>
    </message>
    <message>
        <source>Results (result.json)</source>
        <translation>结果 (result.json)</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>存放文件的文件夹</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>摘要（&amp;Markdown）…</translation>
    </message>
    <message>
        <source>Copy s&amp;ummary</source>
        <translation>复制摘要(&amp;U)</translation>
    </message>
    <message>
        <source>Copies verdict, rules, ledger and latencies as Markdown, for a ticket or a pull request.</source>
        <translation>以 Markdown 复制结论、规则、账目和延迟，用于工单或拉取请求。</translation>
    </message>
    <message>
        <source>The summary is in the clipboard.</source>
        <translation>摘要已在剪贴板中。</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>导出(&amp;X)</translation>
    </message>
</context>
<context>
    <name>app::ReportView</name>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>显示为表格(&amp;T)</translation>
    </message>
    <message>
        <source>Scenario of the run</source>
        <translation>运行的场景</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>端到端延迟百分位数</translation>
    </message>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>端到端延迟直方图</translation>
    </message>
</context>
<context>
    <name>app::RuleForm</name>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>What the rule is about.</source>
        <translation>规则所针对的指标。</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>层级</translation>
    </message>
    <message>
        <source>Of which tier&apos;s events; nothing: of all.</source>
        <translation>针对哪个层级的事件；留空：全部。</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>统计量</translation>
    </message>
    <message>
        <source>Of all latencies: the value that so many per cent do not exceed, the mean or the highest.</source>
        <translation>所有延迟中：指定百分比不超过的值、平均值或最大值。</translation>
    </message>
    <message>
        <source>In every</source>
        <translation>每段</translation>
    </message>
    <message>
        <source>A length such as 10s, in every part of which the rule must hold; nothing: in the whole run.</source>
        <translation>一个时长，如 10s：规则必须在每个该时长的时间窗口内成立；留空：在整个运行中。</translation>
    </message>
    <message>
        <source>Must be</source>
        <translation>须为</translation>
    </message>
    <message>
        <source>How it compares.</source>
        <translation>比较的方式。</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>A duration such as 45ms, a rate such as 1000/s, a share such as 99% of target, or a count.</source>
        <translation>时长（如 45ms）、速率（如 1000/s）、比例（如 99% of target）或数量。</translation>
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
        <translation>规则</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限值</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>Broken since</source>
        <translation>违反始于</translation>
    </message>
    <message>
        <source>The worst window so far, from the first event on.</source>
        <translation>自首个事件起，迄今最差的时间窗口。</translation>
    </message>
    <message>
        <source>So far, from the first event on: what the verdict would say now.</source>
        <translation>自首个事件起至今：若现在判定会得出的结果。</translation>
    </message>
    <message numerus="yes">
        <source>✗ %n rule(s) broken</source>
        <translation>
            <numerusform>✗ 违反 %n 条规则</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::RunCharts</name>
    <message>
        <source>Rates</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>/s</source>
        <comment>events per second</comment>
        <translation>/s</translation>
    </message>
    <message>
        <source>events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>backlog</source>
        <translation>积压</translation>
    </message>
    <message>
        <source>End-to-end latency</source>
        <translation>端到端延迟</translation>
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
        <translation>延迟随时间的变化</translation>
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
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Ends the load, stores what was sent and closes the ledger (Shift+F5)</source>
        <translation>结束负载，存储已发送的事件并结清账本（Shift+F5）</translation>
    </message>
    <message>
        <source>&amp;Burst now</source>
        <translation>立即突发(&amp;B)</translation>
    </message>
    <message>
        <source>Adds a stream of this rate for so many seconds (Ctrl+B)</source>
        <translation>添加一个以此速率持续若干秒的数据流（Ctrl+B）</translation>
    </message>
    <message>
        <source>Rate of the burst, in events per second</source>
        <translation>突发的速率，每秒事件数</translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Length of the burst, in seconds</source>
        <translation>突发的时长，单位为秒</translation>
    </message>
    <message>
        <source>Rate of all streams together, in events per second</source>
        <translation>所有数据流合计的速率，每秒事件数</translation>
    </message>
    <message>
        <source>All streams change in proportion and keep the new rate until the end of the run.</source>
        <translation>所有数据流按比例变化，并保持新速率直到运行结束。</translation>
    </message>
    <message>
        <source>Goes on with the load (F6)</source>
        <translation>继续施加负载（F6）</translation>
    </message>
    <message>
        <source>Holds the load; due times move (F6)</source>
        <translation>暂停施加负载；应发时刻随之后移（F6）</translation>
    </message>
    <message>
        <source>Refused: %1.</source>
        <translation>已拒绝：%1。</translation>
    </message>
    <message>
        <source>R&amp;ate</source>
        <translation>速率(&amp;A)</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>继续(&amp;E)</translation>
    </message>
</context>
<context>
    <name>app::RunListModel</name>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>of a newer Millrace</source>
        <translation>来自更新版本的 Millrace</translation>
    </message>
    <message>
        <source>killed</source>
        <translation>被强制终止</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>未通过</translation>
    </message>
    <message>
        <source>lost or doubled</source>
        <translation>丢失或重复存储</translation>
    </message>
    <message>
        <source>invalid</source>
        <translation>无效</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>internal error</source>
        <translation>内部错误</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>基线</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>端到端 p99</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>not finished</source>
        <translation>未结清</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (内嵌代理)</translation>
    </message>
</context>
<context>
    <name>app::RunTrend</name>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
    <message>
        <source>Trend of &apos;%1&apos;</source>
        <translation>“%1”的趋势</translation>
    </message>
    <message>
        <source>The p99, stored rate and verdict of &apos;%1&apos; will be drawn here from run to run, once there are two.</source>
        <translation>“%1”有两次运行后，这里会逐次绘制其 p99、存储速率和判定。</translation>
    </message>
    <message>
        <source>end-to-end p99</source>
        <translation>端到端 p99</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker)</source>
        <translation>端到端 p99 (内嵌代理)</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>%1: %2 runs, of which %3 passed and %4 ran on the embedded broker. The newest has an end-to-end p99 of %5, the oldest of %6.</source>
        <translation>%1：共 %2 次运行，其中 %3 次通过，%4 次使用内嵌代理。最新一次的端到端 p99 为 %5，最早一次为 %6。</translation>
    </message>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>days before the newest run</source>
        <translation>距最新运行的天数</translation>
    </message>
    <message>
        <source>end-to-end p99 (s)</source>
        <translation>端到端 p99 (s)</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker) (s)</source>
        <translation>端到端 p99 (内嵌代理) (s)</translation>
    </message>
    <message>
        <source>stored (/s)</source>
        <translation>已存储 (/s)</translation>
    </message>
    <message>
        <source>passed: 1, else 0</source>
        <translation>通过：1，否则：0</translation>
    </message>
</context>
<context>
    <name>app::SavedConnections</name>
    <message>
        <source>embedded</source>
        <translation>内嵌</translation>
    </message>
    <message>
        <source>Broker: %1
Store: %2
Duplicate filter: %3</source>
        <translation>代理：%1
存储：%2
去重过滤器：%3</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>The saved connections in %1 cannot be read: %2</source>
        <translation>无法读取 %1 中已保存的连接：%2</translation>
    </message>
    <message>
        <source>The file of saved connections %1 is damaged: %2</source>
        <translation>已保存连接的文件 %1 已损坏：%2</translation>
    </message>
    <message>
        <source>A connection in %1 is left out: %2</source>
        <translation>%1 中的一个连接被忽略：%2</translation>
    </message>
    <message>
        <source>The connections could not be saved to %1: %2</source>
        <translation>无法将连接保存到 %1：%2</translation>
    </message>
</context>
<context>
    <name>app::ScenarioDocument</name>
    <message>
        <source>New scenario</source>
        <translation>新建场景</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>无法读取 %1。</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>%1 was changed by another program.</source>
        <translation>%1 已被其他程序更改。</translation>
    </message>
</context>
<context>
    <name>app::ScenarioField</name>
    <message>
        <source>%1 (default)</source>
        <translation>%1（默认）</translation>
    </message>
</context>
<context>
    <name>app::ScenarioFiles</name>
    <message>
        <source>Scenarios (*.yaml *.yml)</source>
        <translation>场景 (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>&amp;Ready-made scenarios</source>
        <translation>现成场景(&amp;R)</translation>
    </message>
    <message>
        <source>Recent &amp;files</source>
        <translation>最近的文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;New scenario</source>
        <translation>新建场景(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open scenario…</source>
        <translation>打开场景(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Open a scenario</source>
        <translation>打开场景</translation>
    </message>
    <message>
        <source>Save the scenario</source>
        <translation>保存场景</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>Save the changes of %1?</source>
        <translation>保存对 %1 的更改？</translation>
    </message>
    <message>
        <source>None is installed</source>
        <translation>未安装任何场景</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>放弃(&amp;D)</translation>
    </message>
</context>
<context>
    <name>app::ScenarioForm</name>
    <message>
        <source>Form of the scenario</source>
        <translation>场景表单</translation>
    </message>
    <message>
        <source>&amp;Load</source>
        <translation>负载(&amp;L)</translation>
    </message>
    <message>
        <source>R&amp;ules</source>
        <translation>规则(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Pipeline</source>
        <translation>管道(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Target</source>
        <translation>目标(&amp;T)</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>数据流</translation>
    </message>
    <message>
        <source>Stages of the chosen stream</source>
        <translation>所选数据流的阶段</translation>
    </message>
    <message>
        <source>&amp;Streams</source>
        <translation>数据流(&amp;S)</translation>
    </message>
    <message>
        <source>Sta&amp;ges of the chosen stream</source>
        <translation>所选数据流的阶段(&amp;G)</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>What must hold for the verdict &apos;passed&apos;.</source>
        <translation>判定为“通过”所须满足的条件。</translation>
    </message>
    <message>
        <source>Kafka</source>
        <translation>Kafka</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>去重过滤器</translation>
    </message>
    <message>
        <source>E&amp;vents</source>
        <translation>事件(&amp;V)</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>数据流</translation>
    </message>
    <message>
        <source>The stream whose events these fields shape.</source>
        <translation>这些字段所设定的事件所属的数据流。</translation>
    </message>
</context>
<context>
    <name>app::ScenarioPage</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>开始运行(&amp;S)</translation>
    </message>
    <message>
        <source>a new scenario</source>
        <translation>新建场景</translation>
    </message>
    <message>
        <source>The program ended before the changes of %1 were saved.</source>
        <translation>程序在保存 %1 的更改之前结束了。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复更改</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃更改</translation>
    </message>
    <message>
        <source>Another program has changed %1.</source>
        <translation>其他程序更改了 %1。</translation>
    </message>
    <message>
        <source>Load the file</source>
        <translation>加载文件</translation>
    </message>
    <message>
        <source>Write this text into it</source>
        <translation>将此文本写入文件</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>稍后决定</translation>
    </message>
    <message>
        <source>Start the run (%1)</source>
        <translation>开始运行（%1）</translation>
    </message>
    <message>
        <source>A run is on. The next one can start when it is over.</source>
        <translation>正在运行。结束后才能开始下一次。</translation>
    </message>
    <message>
        <source>The scenario has a problem: %1</source>
        <translation>场景存在问题：%1</translation>
    </message>
</context>
<context>
    <name>app::ScenarioText</name>
    <message>
        <source>The file is longer than 1 MiB, which no scenario is.</source>
        <translation>文件超过 1 MiB，场景文件不会有这么大。</translation>
    </message>
    <message>
        <source>The file is not a text in UTF-8.</source>
        <translation>文件不是 UTF-8 文本。</translation>
    </message>
</context>
<context>
    <name>app::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>Whether the window is light or dark. Reports and pictures follow it.</source>
        <translation>窗口是浅色还是深色。报告和图片与之一致。</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>The language of the window. Scenarios, results and logs stay as they are.</source>
        <translation>窗口的语言。场景、结果和日志保持原样。</translation>
    </message>
    <message>
        <source>The language changes when Millrace is started again.</source>
        <translation>语言将在 Millrace 下次启动时改变。</translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation>大小单位(&amp;S)</translation>
    </message>
    <message>
        <source>How sizes are written in the window. Scenario files always use powers of two: KiB, MiB.</source>
        <translation>窗口中大小的书写方式。场景文件始终使用 2 的幂：KiB、MiB。</translation>
    </message>
    <message>
        <source>Powers of two (%1)</source>
        <translation>2 的幂 (%1)</translation>
    </message>
    <message>
        <source>Powers of ten (%1)</source>
        <translation>10 的幂 (%1)</translation>
    </message>
    <message>
        <source>How often the figures of a run are refreshed. It changes what is drawn, never what is measured.</source>
        <translation>运行指标的刷新频率。只影响绘制，绝不影响测量。</translation>
    </message>
    <message numerus="yes">
        <source>%n times a second</source>
        <translation>
            <numerusform>每秒 %n 次</numerusform>
        </translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>结果文件夹</translation>
    </message>
    <message>
        <source>Each run leaves a folder of its own in here. Empty: the usual place.</source>
        <translation>每次运行都会在这里留下自己的文件夹。留空：使用常用位置。</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Browse for the results folder</source>
        <translation>浏览结果文件夹</translation>
    </message>
    <message>
        <source>Choose the results folder</source>
        <translation>选择结果文件夹</translation>
    </message>
    <message>
        <source>The results folder needs its whole path, as /home/me/runs.</source>
        <translation>结果文件夹需要完整路径，例如 /home/me/runs。</translation>
    </message>
    <message>
        <source>&amp;Answer over HTTP while a run is on, at</source>
        <translation>运行期间通过 HTTP 应答(&amp;A)，地址</translation>
    </message>
    <message>
        <source>For Prometheus, dashboards and scripts. Nobody but this machine can ask there, unless an address of its network and a token are given.</source>
        <translation>供 Prometheus、仪表板和脚本使用。除非给出其网络中的地址和令牌，否则只有本机可以访问。</translation>
    </message>
    <message>
        <source>Address and port for HTTP</source>
        <translation>HTTP 的地址和端口</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>与系统相同</translation>
    </message>
    <message>
        <source>Li&amp;ve refresh</source>
        <translation>实时刷新(&amp;V)</translation>
    </message>
    <message>
        <source>Results f&amp;older</source>
        <translation>结果文件夹(&amp;O)</translation>
    </message>
</context>
<context>
    <name>app::SideBar</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
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
        <translation>%1，持续 %2</translation>
    </message>
    <message>
        <source>to %1 in %2</source>
        <translation>在 %2 内变到 %1</translation>
    </message>
    <message>
        <source>pause %1</source>
        <translation>暂停 %1</translation>
    </message>
    <message>
        <source>spike to %1 in %2</source>
        <translation>尖峰至 %1，历时 %2</translation>
    </message>
    <message>
        <source>%1 to %2 in %3 steps of %4</source>
        <translation>从 %1 到 %2，共 %3 级，每级 %4</translation>
    </message>
    <message>
        <source>%1 ± %2 for %3</source>
        <translation>%1 ± %2，持续 %3</translation>
    </message>
</context>
<context>
    <name>app::StatusStrip</name>
    <message>
        <source>steady</source>
        <translation>稳定</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>以 %1 增长</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>正在排空，%1 后清空</translation>
    </message>
    <message>
        <source>Phase of the run</source>
        <translation>运行的阶段</translation>
    </message>
    <message>
        <source>Progress of the load</source>
        <translation>负载进度</translation>
    </message>
    <message>
        <source>Rates: target, sent, stored</source>
        <translation>速率：目标、已发送、已存储</translation>
    </message>
    <message>
        <source>End-to-end latency of the last ten seconds</source>
        <translation>最近十秒的端到端延迟</translation>
    </message>
    <message>
        <source>Lost and doubled events</source>
        <translation>丢失和重复存储的事件</translation>
    </message>
    <message>
        <source>What is nearest to its limit</source>
        <translation>最接近极限的部分</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Events per second over the last two seconds: as planned, handed to the broker&apos;s client, and committed in the store.</source>
        <translation>最近两秒的每秒事件数：计划的、交给代理客户端的、提交到存储的。</translation>
    </message>
    <message>
        <source>No event is due yet.</source>
        <translation>尚无应发的事件。</translation>
    </message>
    <message>
        <source>%1 → %2 → %3</source>
        <translation>%1 → %2 → %3</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit, with the embedded broker: not Kafka&apos;s.</source>
        <translation>最近十秒的端到端 p99，从应发时刻到提交；使用的是内嵌代理，并非 Kafka 的数值。</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit.</source>
        <translation>最近十秒的端到端 p99，从应发时刻到提交。</translation>
    </message>
    <message>
        <source>The rule&apos;s limit stands behind it.</source>
        <translation>后面的数值是规则的上限。</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (内嵌代理)</translation>
    </message>
    <message>
        <source>No event is unsent, failed, in doubt or forgotten by the broker so far. Lost and doubled are known when the ledger is closed.</source>
        <translation>到目前为止，没有未发送、失败、存疑或被代理遗忘的事件。丢失和重复存储的情况在账本结清后得知。</translation>
    </message>
    <message>
        <source>%1 events missing</source>
        <translation>缺失 %1 个事件</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, forgotten by the broker %4.</source>
        <translation>未发送 %1，失败 %2，存疑 %3，被代理遗忘 %4。</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>尚无测量数据。</translation>
    </message>
    <message>
        <source>CPU %1</source>
        <translation>CPU %1</translation>
    </message>
    <message>
        <source>The processors of this machine are nearest to their limit.</source>
        <translation>本机的处理器最接近极限。</translation>
    </message>
    <message>
        <source>generator %1</source>
        <translation>生成器 %1</translation>
    </message>
    <message>
        <source>How late the generator&apos;s own threads wake up, at p99, as a share of the 10 ms beyond which a run is invalid.</source>
        <translation>生成器自身线程唤醒的延迟（p99），以占 10 ms 的比例表示；超过 10 ms 则运行无效。</translation>
    </message>
    <message>
        <source>Health of the broker</source>
        <translation>代理的状态</translation>
    </message>
    <message>
        <source>Health of the store</source>
        <translation>存储的状态</translation>
    </message>
    <message>
        <source>Health of the duplicate filter</source>
        <translation>重复过滤器的状态</translation>
    </message>
    <message>
        <source>Health of Millrace itself</source>
        <translation>Millrace 自身的状态</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>运行的去向</translation>
    </message>
    <message>
        <source>Events that wait to be stored</source>
        <translation>等待存储的事件</translation>
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
        <translation>目标：%1</translation>
    </message>
    <message>
        <source>The load goes to: %1</source>
        <translation>负载发往：%1</translation>
    </message>
    <message>
        <source>Events that are sent and not stored yet: %1 that the broker has not acknowledged, and %2 that the store has not committed.</source>
        <translation>已发送但尚未存储的事件：%1 条代理尚未确认，%2 条存储尚未提交。</translation>
    </message>
    <message>
        <source>waiting %1 %2</source>
        <translation>等待 %1 %2</translation>
    </message>
    <message>
        <source>Rules that are broken</source>
        <translation>被违反的规则</translation>
    </message>
    <message>
        <source>p99 (10 s) %1</source>
        <translation>p99 (10 s) %1</translation>
    </message>
    <message>
        <source>p99 (10 s) %1, limit %2</source>
        <translation>p99 (10 s) %1，上限 %2</translation>
    </message>
    <message>
        <source>nothing missing</source>
        <translation>无缺失</translation>
    </message>
</context>
<context>
    <name>app::StreamsPanel</name>
    <message>
        <source>Figures of each tier</source>
        <translation>各层级的指标</translation>
    </message>
    <message>
        <source>Figures of each stream</source>
        <translation>各数据流的指标</translation>
    </message>
    <message>
        <source>Figures of the last five to ten seconds. Choose a stream to see the charts of it alone.</source>
        <translation>最近五到十秒的指标。选择一个数据流，可只查看该数据流的图表。</translation>
    </message>
</context>
<context>
    <name>app::TargetChooser</name>
    <message>
        <source>answers</source>
        <translation>有应答</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>无应答</translation>
    </message>
    <message>
        <source> in %1 ms</source>
        <translation> (%1 ms)</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>运行的去向</translation>
    </message>
    <message>
        <source>Embedded needs no server. A saved connection wins over what the scenario says and leaves its text as it is.</source>
        <translation>内嵌方式不需要服务器。已保存的连接优先于场景中的内容，且不改动场景的文本。</translation>
    </message>
    <message>
        <source>Test the target</source>
        <translation>测试目标</translation>
    </message>
    <message>
        <source>Asks each server and shows its answer and its round trip.</source>
        <translation>询问每台服务器，并显示其应答和往返时间。</translation>
    </message>
    <message>
        <source>From the environment, else embedded</source>
        <translation>取自环境，否则为内嵌</translation>
    </message>
    <message>
        <source>Embedded: no server is needed</source>
        <translation>内嵌：不需要服务器</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT, several with commas between them.</source>
        <translation>embedded，或 HOST:PORT，多个用逗号分隔。</translation>
    </message>
    <message>
        <source>from the environment, else embedded</source>
        <translation>取自环境，否则为内嵌</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>embedded, sqlite:FILE or postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. A password is never written out.</source>
        <translation>embedded、sqlite:FILE 或 postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE。密码绝不会以明文写出。</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>去重过滤器</translation>
    </message>
    <message>
        <source>memory or redis://HOST:PORT.</source>
        <translation>memory 或 redis://HOST:PORT。</translation>
    </message>
    <message>
        <source>from the environment, else memory</source>
        <translation>取自环境，否则为内存</translation>
    </message>
    <message>
        <source>an address that cannot be read</source>
        <translation>无法读取的地址</translation>
    </message>
    <message>
        <source>servers of its own</source>
        <translation>自己的服务器</translation>
    </message>
    <message>
        <source>The scenario&apos;s text says: %1. The connection chosen here wins.</source>
        <translation>场景文本中写的是：%1。以此处选择的连接为准。</translation>
    </message>
</context>
<context>
    <name>app::TargetText</name>
    <message>
        <source>embedded</source>
        <translation>内嵌</translation>
    </message>
    <message>
        <source>embedded broker, %1</source>
        <translation>内置代理，%1</translation>
    </message>
</context>
<context>
    <name>app::TextPane</name>
    <message>
        <source>Problems of the scenario</source>
        <translation>场景的问题</translation>
    </message>
    <message>
        <source>What keeps this scenario from running. Enter or a click leads to the place.</source>
        <translation>阻止此场景运行的原因。按 Enter 键或点击可跳转到相应位置。</translation>
    </message>
</context>
<context>
    <name>app::TimeChart</name>
    <message>
        <source>%1 %2: %3 at the median second, highest %4 at %5.</source>
        <translation>%1 %2：各秒的中位数为 %3，最高 %4，出现在 %5。</translation>
    </message>
    <message>
        <source>time (s)</source>
        <translation>时间 (s)</translation>
    </message>
</context>
<context>
    <name>app::ValueText</name>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>无法读取 %1：%2。</translation>
    </message>
</context>
<context>
    <name>app::YamlCompletion</name>
    <message>
        <source>What can stand here</source>
        <translation>此处可写的内容</translation>
    </message>
</context>
<context>
    <name>app::YamlEditor</name>
    <message>
        <source>Text of the scenario</source>
        <translation>场景的文本</translation>
    </message>
    <message>
        <source>The scenario as YAML. The form beside it shows each change, and the other way round. Ctrl+Space offers what can stand here, Ctrl+F finds, Tab indents. Ctrl+Tab, or Esc and then Tab, leaves the text.</source>
        <translation>YAML 形式的场景。旁边的表单会显示每项更改，反之亦然。Ctrl+Space 列出此处可写的内容，Ctrl+F 查找，Tab 缩进。按 Ctrl+Tab，或先按 Esc 再按 Tab，可离开文本。</translation>
    </message>
</context>
</TS>

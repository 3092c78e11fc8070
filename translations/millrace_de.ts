<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>app::AlarmPanel</name>
    <message>
        <source>Alarms</source>
        <translation>Alarme</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>Rule to add</source>
        <translation>Neue Regel</translation>
    </message>
    <message>
        <source>lag counts events, lag_s is the age of the first message that waits. Without a group it speaks of every one.</source>
        <translation>lag zählt Ereignisse, lag_s ist das Alter der ersten wartenden Nachricht. Ohne Gruppe gilt die Regel für jede.</translation>
    </message>
    <message>
        <source>Ru&amp;le</source>
        <translation>&amp;Regel</translation>
    </message>
    <message>
        <source>A&amp;dd alarm</source>
        <translation>Alarm hin&amp;zufügen</translation>
    </message>
    <message>
        <source>Rem&amp;ove alarm</source>
        <translation>Alarm ent&amp;fernen</translation>
    </message>
    <message>
        <source>This rule cannot be read: %1</source>
        <translation>Diese Regel ist nicht lesbar: %1</translation>
    </message>
    <message>
        <source>✗ broken</source>
        <translation>✗ verletzt</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ eingehalten</translation>
    </message>
    <message>
        <source>– not evaluated</source>
        <translation>– nicht ausgewertet</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>Gruppe %1</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>vor %1</translation>
    </message>
</context>
<context>
    <name>app::AuditDialog</name>
    <message>
        <source>events, app.events or &quot;Events&quot;</source>
        <translation>events, app.events oder &quot;Events&quot;</translation>
    </message>
    <message>
        <source>the column with the events&apos; ids</source>
        <translation>die Spalte mit den Kennungen der Ereignisse</translation>
    </message>
    <message>
        <source>the commit&apos;s time, where the server keeps it</source>
        <translation>die Zeit des Festschreibens, wenn der Server sie aufbewahrt</translation>
    </message>
    <message>
        <source>every run in the table; or one: its folder, its id or its tag</source>
        <translation>jeder Lauf in der Tabelle; oder einer: sein Ordner, seine Kennung oder sein Schlagwort</translation>
    </message>
    <message>
        <source>What became of each run</source>
        <translation>Was aus jedem Lauf geworden ist</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>&amp;Speichern…</translation>
    </message>
    <message>
        <source>Audit of a table</source>
        <translation>Prüfung einer Tabelle</translation>
    </message>
    <message>
        <source>S&amp;tore</source>
        <translation>Da&amp;tenspeicher</translation>
    </message>
    <message>
        <source>T&amp;able</source>
        <translation>Ta&amp;belle</translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation>&amp;Kennung</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>Durchs&amp;uchen…</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Waiting for the password…</source>
        <translation>Wartet auf das Passwort…</translation>
    </message>
    <message>
        <source>Reading the table…</source>
        <translation>Tabelle wird gelesen…</translation>
    </message>
    <message>
        <source>%1 rows read.</source>
        <translation>%1 Zeilen gelesen.</translation>
    </message>
    <message>
        <source>%1 at %2: %3 rows, %4 of them foreign.</source>
        <translation>%1 auf %2: %3 Zeilen, davon %4 fremd.</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Add a &amp;connection…</source>
        <translation>&amp;Verbindung hinzufügen…</translation>
    </message>
    <message>
        <source>A&amp;udit</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>An audit reads a table in a PostgreSQL; there is no connection to one yet.</source>
        <translation>Eine Prüfung liest eine Tabelle in einem PostgreSQL; es gibt noch keine Verbindung zu einem.</translation>
    </message>
    <message>
        <source>Names a table that another consumer filled, and says what is lost, doubled, and how late.</source>
        <translation>Nennen Sie eine Tabelle, die ein anderer Consumer gefüllt hat; die Prüfung sagt, was verloren und was doppelt ist und wie spät alles kam.</translation>
    </message>
    <message>
        <source>Folder of the run</source>
        <translation>Ordner des Laufs</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
    <message>
        <source>Store&amp;d at</source>
        <translation>Speicher&amp;zeit</translation>
    </message>
</context>
<context>
    <name>app::AuditRows</name>
    <message>
        <source>Of %1 rows.</source>
        <translation>Aus %1 Zeilen.</translation>
    </message>
    <message>
        <source>No result of this run is known; name its folder.</source>
        <translation>Von diesem Lauf ist kein Ergebnis bekannt; nennen Sie seinen Ordner.</translation>
    </message>
    <message>
        <source>Too few rows for this percentile.</source>
        <translation>Zu wenige Zeilen für dieses Perzentil.</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>Vom Broker bestätigt.</translation>
    </message>
    <message>
        <source>Events that are in the table.</source>
        <translation>Ereignisse, die in der Tabelle stehen.</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row.</source>
        <translation>Bestätigt und in keiner Zeile.</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row; the first ones: %1.</source>
        <translation>Bestätigt und in keiner Zeile; die ersten: %1.</translation>
    </message>
    <message>
        <source>It is known what was acknowledged: see &apos;Lost&apos;.</source>
        <translation>Es ist bekannt, was bestätigt wurde: siehe „Verloren“.</translation>
    </message>
    <message>
        <source>Numbers without a row between the first and the last seen of each stream: lost, or never sent.</source>
        <translation>Nummern ohne Zeile zwischen der ersten und der letzten gesehenen jedes Stroms: verloren oder nie gesendet.</translation>
    </message>
    <message>
        <source>Rows beyond the first of their id.</source>
        <translation>Zeilen über die erste ihrer Kennung hinaus.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>Bestätigt</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <source>Doubled</source>
        <translation>Doppelt</translation>
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
        <translation>Noch nichts zu zeigen.</translation>
    </message>
    <message>
        <source>%1 as a table</source>
        <translation>%1 als Tabelle</translation>
    </message>
    <message>
        <source>Menu of the chart %1</source>
        <translation>Menü des Diagramms %1</translation>
    </message>
    <message>
        <source>Show as table, or save as a picture or as CSV</source>
        <translation>Als Tabelle zeigen oder als Bild oder CSV speichern</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Als &amp;Tabelle zeigen</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>Als &amp;PNG speichern…</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG-Bilder (*.png)</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>Als &amp;SVG speichern…</translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation>SVG-Bilder (*.svg)</translation>
    </message>
    <message>
        <source>Save as &amp;CSV…</source>
        <translation>Als &amp;CSV speichern…</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV-Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Save the chart %1</source>
        <translation>Diagramm %1 speichern</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>%1 konnte nicht geschrieben werden: %2.</translation>
    </message>
</context>
<context>
    <name>app::ChartTableModel</name>
    <message>
        <source>Not known: nothing happened in this interval, or there were too few values for this figure.</source>
        <translation>Nicht bekannt: In diesem Zeitraum geschah nichts, oder es gab zu wenige Werte für diese Angabe.</translation>
    </message>
</context>
<context>
    <name>app::CheckView</name>
    <message>
        <source>ok</source>
        <translation>in Ordnung</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>What each server has answered</source>
        <translation>Was jeder Server geantwortet hat</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Antwortzeit</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>The time of one question and its answer over a connection that stands.</source>
        <translation>Dauer einer Frage und ihrer Antwort über eine bestehende Verbindung.</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Datenspeicher</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Duplikatfilter</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>wird gefragt…</translation>
    </message>
    <message>
        <source>Check SASL mechanism, SASL user and SASL password above.</source>
        <translation>Prüfen Sie oben SASL-Mechanismus, SASL-Benutzer und SASL-Passwort.</translation>
    </message>
    <message>
        <source>check the user in the store&apos;s address, and its password above</source>
        <translation>prüfen Sie den Benutzer in der Adresse des Datenspeichers und oben sein Passwort</translation>
    </message>
    <message>
        <source>set the duplicate filter&apos;s password above</source>
        <translation>geben Sie oben das Passwort des Duplikatfilters ein</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>nicht getestet</translation>
    </message>
    <message>
        <source>It wants a token, and the one above is not the one that it knows.</source>
        <translation>Er verlangt ein Token, und das oben stehende ist nicht das, das er kennt.</translation>
    </message>
</context>
<context>
    <name>app::ClusterPanel</name>
    <message>
        <source>Brokers</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Groups, topics and alarms</source>
        <translation>Gruppen, Topics und Alarme</translation>
    </message>
    <message>
        <source>Consumer groups</source>
        <translation>Consumer-Gruppen</translation>
    </message>
    <message>
        <source>&amp;Groups</source>
        <translation>&amp;Gruppen</translation>
    </message>
    <message>
        <source>&amp;Topics</source>
        <translation>&amp;Topics</translation>
    </message>
    <message>
        <source>&amp;Alarms</source>
        <translation>&amp;Alarme</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>Topics</translation>
    </message>
    <message>
        <source>Browse &amp;messages</source>
        <translation>Nachrichten an&amp;sehen</translation>
    </message>
    <message>
        <source>Shows the messages of the chosen topic.</source>
        <translation>Zeigt die Nachrichten des gewählten Topics.</translation>
    </message>
    <message>
        <source>Partitions and members of the group</source>
        <translation>Partitionen und Mitglieder der Gruppe</translation>
    </message>
    <message>
        <source>Partitions of the group</source>
        <translation>Partitionen der Gruppe</translation>
    </message>
    <message>
        <source>Members of the group</source>
        <translation>Mitglieder der Gruppe</translation>
    </message>
    <message>
        <source>Part&amp;itions</source>
        <translation>&amp;Partitionen</translation>
    </message>
    <message>
        <source>Mem&amp;bers</source>
        <translation>&amp;Mitglieder</translation>
    </message>
    <message>
        <source>Sa&amp;ve history as CSV…</source>
        <translation>Verlauf als &amp;CSV speichern…</translation>
    </message>
    <message>
        <source>Writes the lag of every group over time to a file.</source>
        <translation>Schreibt den Rückstand jeder Gruppe im Zeitverlauf in eine Datei.</translation>
    </message>
    <message>
        <source>Choose a group to see its lag.</source>
        <translation>Wählen Sie eine Gruppe, um ihren Rückstand zu sehen.</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>Save the history of the lag</source>
        <translation>Verlauf des Rückstands speichern</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV-Tabellen (*.csv)</translation>
    </message>
</context>
<context>
    <name>app::ClusterRows</name>
    <message>
        <source>No offset is committed.</source>
        <translation>Es ist kein Offset festgeschrieben.</translation>
    </message>
    <message>
        <source>The committed offset has expired: the log begins later.</source>
        <translation>Der festgeschriebene Offset ist abgelaufen: Das Log beginnt später.</translation>
    </message>
    <message>
        <source>The committed offset lies beyond the log&apos;s end.</source>
        <translation>Der festgeschriebene Offset liegt hinter dem Ende des Logs.</translation>
    </message>
    <message>
        <source>All is read: only transaction markers or compacted offsets follow.</source>
        <translation>Alles ist gelesen: Es folgen nur Transaktionsmarken oder kompaktierte Offsets.</translation>
    </message>
    <message>
        <source>At most: offsets count transaction markers or compacted messages too.</source>
        <translation>Höchstens: Offsets zählen auch Transaktionsmarken oder kompaktierte Nachrichten.</translation>
    </message>
    <message>
        <source>The log&apos;s end is not known.</source>
        <translation>Das Ende des Logs ist nicht bekannt.</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>stabil</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>wächst um %1</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>sinkt: in %1 leer</translation>
    </message>
    <message>
        <source>The group has not been asked yet.</source>
        <translation>Die Gruppe wurde noch nicht gefragt.</translation>
    </message>
    <message>
        <source>It is not known of every partition.</source>
        <translation>Der Rückstand ist nicht von jeder Partition bekannt.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>unbegrenzt</translation>
    </message>
    <message>
        <source>%1 without a leader</source>
        <translation>%1 ohne Leader</translation>
    </message>
    <message>
        <source>%1 under-replicated</source>
        <translation>%1 unterrepliziert</translation>
    </message>
    <message>
        <source>in sync</source>
        <translation>synchron</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Mitglieder</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>Rückstand</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>Trend</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>As it was %1 ago.</source>
        <translation>Stand von vor %1.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Topic</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>Partitionen</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Replikate</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Im Log</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Retention</source>
        <translation>Aufbewahrung</translation>
    </message>
    <message>
        <source>Cleanup</source>
        <translation>Bereinigung</translation>
    </message>
    <message>
        <source>The size in bytes is not available with this librdkafka.</source>
        <translation>Die Größe in Bytes ist mit diesem librdkafka nicht verfügbar.</translation>
    </message>
    <message>
        <source>Offsets between the log&apos;s begin and its end.</source>
        <translation>Offsets zwischen dem Anfang des Logs und seinem Ende.</translation>
    </message>
    <message>
        <source>It is not known yet.</source>
        <translation>Noch nicht bekannt.</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partition</translation>
    </message>
    <message>
        <source>Committed</source>
        <translation>Festgeschrieben</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>Mitglied</translation>
    </message>
    <message>
        <source>Within %1, from when the log&apos;s end passed there.</source>
        <translation>Auf %1 genau; danach bestimmt, wann das Ende des Logs dort vorbeikam.</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>%1 in rack %2</source>
        <translation>%1 in Rack %2</translation>
    </message>
    <message>
        <source>%1 (controller)</source>
        <translation>%1 (Controller)</translation>
    </message>
    <message>
        <source>Brokers: %1 · asking %2 times per second</source>
        <translation>Broker: %1 · %2 Anfragen pro Sekunde</translation>
    </message>
    <message>
        <source>Lag: %1 events, age %2, %3</source>
        <translation>Rückstand: %1 Ereignisse, Alter %2, %3</translation>
    </message>
</context>
<context>
    <name>app::Connection</name>
    <message>
        <source>Password for Kafka</source>
        <translation>Passwort für Kafka</translation>
    </message>
    <message>
        <source>Password of the Kafka key file</source>
        <translation>Passwort der Kafka-Schlüsseldatei</translation>
    </message>
    <message>
        <source>Password for PostgreSQL</source>
        <translation>Passwort für PostgreSQL</translation>
    </message>
    <message>
        <source>Password for Redis</source>
        <translation>Passwort für Redis</translation>
    </message>
    <message>
        <source>A connection has no id.</source>
        <translation>Eine Verbindung hat keine Kennung.</translation>
    </message>
    <message>
        <source>A connection needs a name.</source>
        <translation>Eine Verbindung braucht einen Namen.</translation>
    </message>
    <message>
        <source>The broker&apos;s address should look like HOST:PORT, several with commas between them.</source>
        <translation>Die Adresse des Brokers hat die Form HOST:PORT; mehrere werden durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>An address must not hold a password, for it is kept in a file: write it into the field for the password.</source>
        <translation>Eine Adresse darf kein Passwort enthalten, weil sie in einer Datei gespeichert wird: Tragen Sie es in das Feld für das Passwort ein.</translation>
    </message>
    <message>
        <source>The store&apos;s address should look like postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE.</source>
        <translation>Die Adresse des Datenspeichers hat die Form postgresql://USER@HOST:PORT/DATABASE oder sqlite:FILE.</translation>
    </message>
    <message>
        <source>The duplicate filter&apos;s address should look like redis://HOST:PORT.</source>
        <translation>Die Adresse des Duplikatfilters hat die Form redis://HOST:PORT.</translation>
    </message>
    <message>
        <source>The Kafka setting %1 is not allowed here.</source>
        <translation>Die Kafka-Einstellung %1 ist hier nicht erlaubt.</translation>
    </message>
    <message>
        <source>The daemons&apos; addresses should look like HOST:PORT or dns:NAME:PORT, several with commas between them.</source>
        <translation>Die Adressen der Daemons haben die Form HOST:PORT oder dns:NAME:PORT; mehrere werden durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>Daemons meet at real servers: the connection needs the broker&apos;s address and that of a PostgreSQL as well.</source>
        <translation>Daemons treffen sich an echten Servern: Die Verbindung braucht auch die Adresse des Brokers und die eines PostgreSQL.</translation>
    </message>
    <message>
        <source>Token of the daemons</source>
        <translation>Token der Daemons</translation>
    </message>
</context>
<context>
    <name>app::ConnectionForm</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>As it appears wherever a target is chosen.</source>
        <translation>So erscheint sie überall, wo ein Ziel gewählt wird.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Forget: %1</source>
        <translation>Vergessen: %1</translation>
    </message>
    <message>
        <source>Forgets the stored password when the connection is saved.</source>
        <translation>Entfernt das aufbewahrte Passwort, sobald die Verbindung gespeichert wird.</translation>
    </message>
    <message>
        <source>Broker (Kafka)</source>
        <translation>Broker (Kafka)</translation>
    </message>
    <message>
        <source>&amp;Broker address</source>
        <translation>Adresse des B&amp;rokers</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT,…</source>
        <translation>embedded oder HOST:PORT,…</translation>
    </message>
    <message>
        <source>HOST:PORT, several with commas between them. Empty: each run brings its own broker.</source>
        <translation>HOST:PORT, mehrere durch Kommas getrennt. Leer: Jeder Lauf bringt seinen eigenen Broker mit.</translation>
    </message>
    <message>
        <source>Security &amp;protocol</source>
        <translation>Sicherheits&amp;protokoll</translation>
    </message>
    <message>
        <source>How to speak to the broker: in the clear or by TLS (ssl), with or without a login (sasl).</source>
        <translation>Wie mit dem Broker gesprochen wird: unverschlüsselt oder über TLS (ssl), mit oder ohne Anmeldung (sasl).</translation>
    </message>
    <message>
        <source>SASL &amp;mechanism</source>
        <translation>SASL-&amp;Mechanismus</translation>
    </message>
    <message>
        <source>How the login is proved.</source>
        <translation>Wie die Anmeldung nachgewiesen wird.</translation>
    </message>
    <message>
        <source>SASL &amp;user</source>
        <translation>SASL-Ben&amp;utzer</translation>
    </message>
    <message>
        <source>The name to log in with.</source>
        <translation>Der Name für die Anmeldung.</translation>
    </message>
    <message>
        <source>SASL pass&amp;word</source>
        <translation>SASL-Pass&amp;wort</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file.</source>
        <translation>Wird im Schlüsselbund des Desktops aufbewahrt, nie in einer Datei.</translation>
    </message>
    <message>
        <source>&amp;CA certificates</source>
        <translation>&amp;CA-Zertifikate</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the broker.</source>
        <translation>Eine PEM-Datei mit den Stellen, die für den Broker bürgen dürfen.</translation>
    </message>
    <message>
        <source>A PEM file, where the broker wants to know us by TLS.</source>
        <translation>Eine PEM-Datei, wenn der Broker uns über TLS kennen will.</translation>
    </message>
    <message>
        <source>Client &amp;key</source>
        <translation>Client-Schlüss&amp;el</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file.</source>
        <translation>Der Schlüssel des Zertifikats, eine PEM-Datei.</translation>
    </message>
    <message>
        <source>Passw&amp;ord of the key</source>
        <translation>Passw&amp;ort des Schlüssels</translation>
    </message>
    <message>
        <source>Further Kafka settings</source>
        <translation>Weitere Kafka-Einstellungen</translation>
    </message>
    <message>
        <source>Settings of librdkafka that a scenario may name as well, a line each.</source>
        <translation>Einstellungen von librdkafka, die auch ein Szenario nennen darf, je eine pro Zeile.</translation>
    </message>
    <message>
        <source>Store (PostgreSQL)</source>
        <translation>Datenspeicher (PostgreSQL)</translation>
    </message>
    <message>
        <source>embedded, or postgresql://USER@HOST:PORT/DATABASE</source>
        <translation>embedded oder postgresql://USER@HOST:PORT/DATABASE</translation>
    </message>
    <message>
        <source>Without a password. sqlite:FILE is possible too. Empty: each run creates its own file.</source>
        <translation>Ohne Passwort. sqlite:FILE ist auch möglich. Leer: Jeder Lauf legt seine eigene Datei an.</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file. Empty: PGPASSWORD or ~/.pgpass, if they are there.</source>
        <translation>Wird im Schlüsselbund des Desktops aufbewahrt, nie in einer Datei. Leer: PGPASSWORD oder ~/.pgpass, falls vorhanden.</translation>
    </message>
    <message>
        <source>TLS (sslmode)</source>
        <translation>TLS (sslmode)</translation>
    </message>
    <message>
        <source>CA certificates</source>
        <translation>CA-Zertifikate</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the server.</source>
        <translation>Eine PEM-Datei mit den Stellen, die für den Server bürgen dürfen.</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>Client-Zertifikat</translation>
    </message>
    <message>
        <source>A PEM file, where the server wants to know us by TLS.</source>
        <translation>Eine PEM-Datei, wenn der Server uns über TLS kennen will.</translation>
    </message>
    <message>
        <source>Client key</source>
        <translation>Client-Schlüssel</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file without a password.</source>
        <translation>Der Schlüssel des Zertifikats, eine PEM-Datei ohne Passwort.</translation>
    </message>
    <message>
        <source>Duplicate filter (Redis)</source>
        <translation>Duplikatfilter (Redis)</translation>
    </message>
    <message>
        <source>&amp;Duplicate filter&apos;s address</source>
        <translation>&amp;Adresse des Duplikatfilters</translation>
    </message>
    <message>
        <source>in memory, or redis://HOST:PORT</source>
        <translation>im Arbeitsspeicher oder redis://HOST:PORT</translation>
    </message>
    <message>
        <source>Without a password. Empty: in memory.</source>
        <translation>Ohne Passwort. Leer: im Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>kept; type to change it</source>
        <translation>aufbewahrt; zum Ändern tippen</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>Further Kafka settings are lines of the form NAME=VALUE, which this one is not: %1</source>
        <translation>Weitere Kafka-Einstellungen sind Zeilen der Form NAME=WERT, diese hier nicht: %1</translation>
    </message>
    <message>
        <source>verify-full is the only one that is safe from somebody in between. Empty: TLS where the server offers it (prefer).</source>
        <translation>Nur verify-full ist sicher vor jemandem, der sich dazwischenschaltet. Leer: TLS, wo der Server es anbietet (prefer).</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (Standard)</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>Durchsuchen: %1</translation>
    </message>
    <message>
        <source>Chooses the file.</source>
        <translation>Wählt die Datei.</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.cer *.key);;All files (*)</source>
        <translation>PEM-Dateien (*.pem *.crt *.cer *.key);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Further settin&amp;gs</source>
        <translation>Weitere Einstellun&amp;gen</translation>
    </message>
    <message>
        <source>S&amp;tore address</source>
        <translation>Adresse des Da&amp;tenspeichers</translation>
    </message>
    <message>
        <source>not kept; asked for when it is needed</source>
        <translation>nicht aufbewahrt; wird bei Bedarf erfragt</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>Daemons</translation>
    </message>
    <message>
        <source>Addresses of daemons</source>
        <translation>Adressen von Daemons</translation>
    </message>
    <message>
        <source>none, or HOST:PORT,…</source>
        <translation>keine oder HOST:PORT,…</translation>
    </message>
    <message>
        <source>Producers and consumers that send and store instead of this process: HOST:PORT, several with commas between them, or dns:NAME:PORT for every address of a name. Empty: none.</source>
        <translation>Producer und Consumer, die anstelle dieses Prozesses senden und speichern: HOST:PORT, mehrere durch Kommas getrennt, oder dns:NAME:PORT für jede Adresse eines Namens. Leer: keine.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
</context>
<context>
    <name>app::ConnectionOpener</name>
    <message>
        <source>Password needed</source>
        <translation>Passwort erforderlich</translation>
    </message>
    <message>
        <source>%1 of the connection &apos;%2&apos;:</source>
        <translation>%1 der Verbindung „%2“:</translation>
    </message>
    <message>
        <source>The connection &apos;%1&apos; cannot be used without its password.</source>
        <translation>Die Verbindung „%1“ kann ohne ihr Passwort nicht verwendet werden.</translation>
    </message>
</context>
<context>
    <name>app::ConnectionTest</name>
    <message>
        <source>Test connect&amp;ion</source>
        <translation>Verb&amp;indung testen</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Die Verbindung testen</translation>
    </message>
    <message>
        <source>Asks each server with what the fields say, saved or not, and changes nothing on them.</source>
        <translation>Fragt jeden Server mit dem, was in den Feldern steht, ob gespeichert oder nicht, und ändert dort nichts.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>Den Test anhalten</translation>
    </message>
    <message>
        <source>Waits for no more answers.</source>
        <translation>Wartet auf keine weiteren Antworten.</translation>
    </message>
    <message>
        <source>Daemons of the connection</source>
        <translation>Daemons der Verbindung</translation>
    </message>
</context>
<context>
    <name>app::ConnectionsPage</name>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>Saved connections</source>
        <translation>Gespeicherte Verbindungen</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>Hin&amp;zufügen</translation>
    </message>
    <message>
        <source>Creates a new connection.</source>
        <translation>Legt eine neue Verbindung an.</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Creates a new connection like this one; its passwords are not copied.</source>
        <translation>Legt eine neue Verbindung wie diese an; ihre Passwörter werden nicht kopiert.</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Removes this connection and its passwords.</source>
        <translation>Entfernt diese Verbindung und ihre Passwörter.</translation>
    </message>
    <message>
        <source>A connection names the servers that a run loads: Kafka, PostgreSQL and Redis, with how to log in. Without one, everything runs embedded in Millrace.</source>
        <translation>Eine Verbindung nennt die Server, die ein Lauf belastet: Kafka, PostgreSQL und Redis, und wie man sich dort anmeldet. Ohne Verbindung läuft alles eingebettet in Millrace.</translation>
    </message>
    <message>
        <source>Add a connection</source>
        <translation>Verbindung hinzufügen</translation>
    </message>
    <message>
        <source>Where passwords are kept</source>
        <translation>Wo Passwörter aufbewahrt werden</translation>
    </message>
    <message>
        <source>Fields of the connection</source>
        <translation>Felder der Verbindung</translation>
    </message>
    <message>
        <source>Keeps what the fields say.</source>
        <translation>Behält, was in den Feldern steht.</translation>
    </message>
    <message>
        <source>New connection</source>
        <translation>Neue Verbindung</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (Kopie)</translation>
    </message>
    <message>
        <source>Remove the connection?</source>
        <translation>Verbindung entfernen?</translation>
    </message>
    <message>
        <source>Remove the connection &apos;%1&apos; and the passwords that are kept for it?</source>
        <translation>Die Verbindung „%1“ und die für sie aufbewahrten Passwörter entfernen?</translation>
    </message>
    <message>
        <source>This desktop has no keychain: passwords are kept until Millrace ends, and asked for again at the next start.</source>
        <translation>Dieser Desktop hat keinen Schlüsselbund: Passwörter werden bis zum Ende von Millrace behalten und beim nächsten Start wieder erfragt.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
</context>
<context>
    <name>app::EmptyView</name>
    <message>
        <source>Why nothing is shown</source>
        <translation>Warum nichts gezeigt wird</translation>
    </message>
</context>
<context>
    <name>app::FindBar</name>
    <message>
        <source>Find in the text</source>
        <translation>Im Text suchen</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>The place before (%1)</source>
        <translation>Die vorige Stelle (%1)</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>The next place (%1)</source>
        <translation>Die nächste Stelle (%1)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Back to the text (Esc)</source>
        <translation>Zurück zum Text (Esc)</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>Nicht gefunden</translation>
    </message>
</context>
<context>
    <name>app::FleetRows</name>
    <message>
        <source>producer</source>
        <translation>Producer</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>noch keine Antwort</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>veraltet, %1</translation>
    </message>
    <message>
        <source>began anew</source>
        <translation>neu gestartet</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>antwortet</translation>
    </message>
    <message>
        <source>in trouble</source>
        <translation>gestört</translation>
    </message>
    <message>
        <source>Its clocks have not been compared with ours yet.</source>
        <translation>Seine Uhren wurden noch nicht mit unseren verglichen.</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>By so much its wall clock is ahead of ours; known to ±%1 ms, half of the shortest round trip. It does not change a figure: instants count from the run&apos;s beginning.</source>
        <translation>Um so viel geht seine Uhr gegenüber unserer vor; auf ±%1 ms genau bekannt, die Hälfte der kürzesten Antwortzeit. Das ändert keinen Wert: Zeitpunkte zählen ab dem Beginn des Laufs.</translation>
    </message>
    <message>
        <source>Daemon</source>
        <translation>Daemon</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Only a producer sends.</source>
        <translation>Nur ein Producer sendet.</translation>
    </message>
    <message>
        <source>Only a consumer stores.</source>
        <translation>Nur ein Consumer speichert.</translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1 auf %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1, und %n weiterer</numerusform>
            <numerusform>%1, und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>takes no part</source>
        <translation>nimmt nicht teil</translation>
    </message>
    <message>
        <source>It has not said yet what it is.</source>
        <translation>Er hat noch nicht gesagt, was er ist.</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>daemon</source>
        <translation>Daemon</translation>
    </message>
</context>
<context>
    <name>app::FormFields</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What the run is called, 1 to 100 characters.</source>
        <translation>Wie der Lauf heißt, 1 bis 100 Zeichen.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed gives the same events and due times.</source>
        <translation>Gleicher Startwert, gleiche Ereignisse und gleiche Sollzeiten.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Aufwärmphase</translation>
    </message>
    <message>
        <source>Load at the first stage&apos;s rate before the stages, left out of the verdict but not of the ledger.</source>
        <translation>Last mit der Rate des ersten Abschnitts vor den Abschnitten; sie zählt nicht für das Urteil, aber für die Bilanz.</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>Nachlauf</translation>
    </message>
    <message>
        <source>How long the end waits for the consumer at most.</source>
        <translation>Wie lange am Ende höchstens auf den Consumer gewartet wird.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Of an encoded event: 285B, or {min: 200B, max: 600B, distribution: exponential}.</source>
        <translation>Eines kodierten Ereignisses: 285B oder {min: 200B, max: 600B, distribution: exponential}.</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>Weights of the levels; they need not add up to 100.</source>
        <translation>Gewichte der Stufen; sie müssen zusammen nicht 100 ergeben.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Names with commas between them, equally frequent.</source>
        <translation>Namen, durch Kommas getrennt, gleich häufig.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Key of the Kafka message: id, source, none, or {zipf: 1.1, keys: 10000}.</source>
        <translation>Schlüssel der Kafka-Nachricht: id, source, none oder {zipf: 1.1, keys: 10000}.</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>generated, or {file: app.log}: the lines of a file, in order, round and round; relative to the scenario&apos;s file.</source>
        <translation>generated oder {file: app.log}: die Zeilen einer Datei, der Reihe nach, immer von vorn; relativ zur Datei des Szenarios.</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>{ratio: 1%, within: 10s}: share of events that repeat an earlier id, and how long after it.</source>
        <translation>{ratio: 1%, within: 10s}: Anteil der Ereignisse, die eine frühere Kennung wiederholen, und wie lange danach.</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Unlesbar</translation>
    </message>
    <message>
        <source>Share of events whose payload is broken on purpose.</source>
        <translation>Anteil der Ereignisse, deren Nutzdaten absichtlich beschädigt sind.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Topic</translation>
    </message>
    <message>
        <source>Of the normal tier; the other tiers have topics of their own.</source>
        <translation>Der Klasse normal; die anderen Klassen haben eigene Topics.</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>Partitionen</translation>
    </message>
    <message>
        <source>Of topics that are created.</source>
        <translation>Von Topics, die angelegt werden.</translation>
    </message>
    <message>
        <source>Acks</source>
        <translation>Bestätigung</translation>
    </message>
    <message>
        <source>Who has an event before it counts as acked: all, the leader (1) or nobody (0).</source>
        <translation>Wer ein Ereignis haben muss, damit es als bestätigt gilt: alle (all), der Leader (1) oder niemand (0).</translation>
    </message>
    <message>
        <source>Linger</source>
        <translation>Wartezeit</translation>
    </message>
    <message>
        <source>How long a batch of the normal tier waits to fill.</source>
        <translation>Wie lange ein Stapel der Klasse normal wartet, bis er voll ist.</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>The largest batch of the normal tier.</source>
        <translation>Der größte Stapel der Klasse normal.</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>Kompression</translation>
    </message>
    <message>
        <source>Of all tiers that say nothing themselves.</source>
        <translation>Aller Klassen, die selbst nichts angeben.</translation>
    </message>
    <message>
        <source>Consumer group</source>
        <translation>Consumer-Gruppe</translation>
    </message>
    <message>
        <source>Of the reference consumer.</source>
        <translation>Des Referenz-Consumers.</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Arbeiter</translation>
    </message>
    <message>
        <source>1 to 64.</source>
        <translation>1 bis 64.</translation>
    </message>
    <message>
        <source>Events in one database transaction at most, 1 to 50000.</source>
        <translation>Ereignisse in einer Datenbanktransaktion, höchstens; 1 bis 50000.</translation>
    </message>
    <message>
        <source>How long a batch waits for more when nothing is at hand.</source>
        <translation>Wie lange ein Stapel auf weitere wartet, wenn nichts bereitliegt.</translation>
    </message>
    <message>
        <source>Critical batch</source>
        <translation>Kritischer Stapel</translation>
    </message>
    <message>
        <source>The critical tier&apos;s batch.</source>
        <translation>Der Stapel der Klasse critical.</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>Ausgesonderte</translation>
    </message>
    <message>
        <source>Where unreadable events go.</source>
        <translation>Wohin unlesbare Ereignisse gehen.</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>Lebensdauer</translation>
    </message>
    <message>
        <source>How long an id is remembered, at least 1s.</source>
        <translation>Wie lange eine Kennung gemerkt wird, mindestens 1s.</translation>
    </message>
    <message>
        <source>Prefix</source>
        <translation>Präfix</translation>
    </message>
    <message>
        <source>Of the keys, 1 to 64 characters.</source>
        <translation>Der Schlüssel, 1 bis 64 Zeichen.</translation>
    </message>
    <message>
        <source>worked out from the load</source>
        <translation>aus der Last berechnet</translation>
    </message>
    <message>
        <source>Who consumes</source>
        <translation>Wer konsumiert</translation>
    </message>
    <message>
        <source>Millrace with the settings below if nothing is written, none, or the table that somebody else&apos;s consumer fills: {audit: {table: events, id: id, stored_at: created_at}}.</source>
        <translation>Millrace mit den Einstellungen darunter, wenn nichts dasteht; none; oder die Tabelle, die ein fremder Consumer füllt: {audit: {table: events, id: id, stored_at: created_at}}.</translation>
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
        <translation>läuft</translation>
    </message>
    <message>
        <source>acknowledges nothing, %1 waiting</source>
        <translation>bestätigt nichts, %1 warten</translation>
    </message>
    <message>
        <source>acknowledges %1 of %2, %3 waiting</source>
        <translation>bestätigt %1 von %2, %3 warten</translation>
    </message>
    <message>
        <source>gives the consumers nothing, %1 waiting</source>
        <translation>liefert den Konsumenten nichts, %1 warten</translation>
    </message>
    <message>
        <source>does not answer, %1 waiting</source>
        <translation>antwortet nicht, %1 warten</translation>
    </message>
    <message>
        <source>stores %1 of %2, %3 waiting</source>
        <translation>speichert %1 von %2, %3 warten</translation>
    </message>
    <message>
        <source>is away, %1 events past the filter</source>
        <translation>ist weg, %1 Ereignisse am Filter vorbei</translation>
    </message>
    <message>
        <source>is late, %1 events sent too late</source>
        <translation>ist zu spät, %1 Ereignisse verspätet</translation>
    </message>
    <message>
        <source>embedded broker</source>
        <translation>eingebetteter Broker</translation>
    </message>
    <message>
        <source>filter in memory</source>
        <translation>Filter im Speicher</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 auf %2</translation>
    </message>
    <message>
        <source>%1 %2, for %3</source>
        <translation>%1 %2, seit %3</translation>
    </message>
</context>
<context>
    <name>app::HeatMap</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>%1: most events took %2, the slowest %3 at %4.</source>
        <translation>%1: Die meisten Ereignisse dauerten %2, die langsamsten %3 bei %4.</translation>
    </message>
    <message>
        <source>from (s)</source>
        <translation>von (s)</translation>
    </message>
    <message>
        <source>until (s)</source>
        <translation>bis (s)</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message>
        <source>%1, most in %2: %3</source>
        <translation>%1, die meisten in %2: %3</translation>
    </message>
</context>
<context>
    <name>app::HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>Text of the document</source>
        <translation>Text des Dokuments</translation>
    </message>
</context>
<context>
    <name>app::HistogramChart</name>
    <message>
        <source>from (s)</source>
        <translation>von (s)</translation>
    </message>
    <message>
        <source>to below (s)</source>
        <translation>bis unter (s)</translation>
    </message>
    <message>
        <source>from the due time (events)</source>
        <translation>ab der Sollzeit (Ereignisse)</translation>
    </message>
    <message>
        <source>from the actual send (events)</source>
        <translation>ab dem tatsächlichen Senden (Ereignisse)</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
</context>
<context>
    <name>app::HistoryPage</name>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Shows the report of the chosen run.</source>
        <translation>Zeigt den Bericht des gewählten Laufs.</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>Schlag&amp;wörter…</translation>
    </message>
    <message>
        <source>Words by which the chosen runs can be found again.</source>
        <translation>Wörter, unter denen die gewählten Läufe wiederzufinden sind.</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>Als &amp;Referenz festlegen</translation>
    </message>
    <message>
        <source>Other runs of this name are compared with the chosen one.</source>
        <translation>Andere Läufe dieses Namens werden mit dem gewählten verglichen.</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>Lö&amp;schen…</translation>
    </message>
    <message>
        <source>Deletes the folders of the chosen runs.</source>
        <translation>Löscht die Ordner der gewählten Läufe.</translation>
    </message>
    <message>
        <source>Search by name, verdict or tag</source>
        <translation>Nach Name, Urteil oder Schlagwort suchen</translation>
    </message>
    <message>
        <source>Search the runs</source>
        <translation>Die Läufe durchsuchen</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Every run is kept and listed here, to be opened again and compared.</source>
        <translation>Jeder Lauf wird hier aufbewahrt und aufgeführt; er lässt sich wieder öffnen und vergleichen.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Szenario wählen</translation>
    </message>
    <message>
        <source>&amp;Back to the runs</source>
        <translation>&amp;Zurück zu den Läufen</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Tags of the chosen runs, separated by commas:</source>
        <translation>Schlagwörter der gewählten Läufe, durch Kommas getrennt:</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>Läufe löschen</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s) with all their files? This cannot be undone.</source>
        <translation>
            <numerusform>%n Lauf mit all seinen Dateien löschen? Das kann nicht rückgängig gemacht werden.</numerusform>
            <numerusform>%n Läufe mit all ihren Dateien löschen? Das kann nicht rückgängig gemacht werden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Fi&amp;nish</source>
        <translation>&amp;Abschließen</translation>
    </message>
    <message>
        <source>Closes the ledger of a run that was killed, and judges it: what its broker still holds is stored first. A run with the embedded broker is kept as it was recorded.</source>
        <translation>Schließt die Bilanz eines gewaltsam beendeten Laufs und beurteilt ihn: Was sein Broker noch hält, wird vorher gespeichert. Ein Lauf mit dem eingebetteten Broker bleibt, wie er aufgezeichnet wurde.</translation>
    </message>
    <message>
        <source>Where the runs are listed</source>
        <translation>Woher die Läufe stammen</translation>
    </message>
    <message>
        <source>The results folder, or a PostgreSQL of a saved connection, which knows its runs by name.</source>
        <translation>Der Ergebnisordner oder das PostgreSQL einer gespeicherten Verbindung, das seine Läufe mit Namen kennt.</translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>Ergebnisordner</translation>
    </message>
    <message>
        <source>Asking %1 for its runs…</source>
        <translation>%1 wird nach seinen Läufen gefragt…</translation>
    </message>
    <message>
        <source>No run is known there.</source>
        <translation>Dort ist kein Lauf bekannt.</translation>
    </message>
    <message>
        <source>Compares two to five chosen runs; the oldest one is the reference, unless one of them is the baseline. A single run is compared with the baseline of its name.</source>
        <translation>Vergleicht zwei bis fünf gewählte Läufe; Maßstab ist der älteste, es sei denn, einer von ihnen ist die Referenz. Ein einzelner Lauf wird mit der Referenz seines Namens verglichen.</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>&amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>Opens the folder of the chosen run.</source>
        <translation>Öffnet den Ordner des gewählten Laufs.</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xportieren</translation>
    </message>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>&amp;HTML, eine Datei…</translation>
    </message>
    <message>
        <source>Figures as &amp;CSV…</source>
        <translation>Werte als &amp;CSV…</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>Zusammenfassung als &amp;Markdown…</translation>
    </message>
    <message>
        <source>This run does not lie in the results folder, so it is not listed here.</source>
        <translation>Dieser Lauf liegt nicht im Ergebnisordner und ist deshalb hier nicht aufgeführt.</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>Vergleich speichern</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
</context>
<context>
    <name>app::ItemColumns</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What rules, charts and reports call the stream.</source>
        <translation>Wie Regeln, Diagramme und Berichte den Strom nennen.</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>How the stream&apos;s events travel: critical at once, normal after a short wait, analytics in large batches.</source>
        <translation>Wie die Ereignisse des Stroms befördert werden: critical sofort, normal nach kurzem Warten, analytics in großen Stapeln.</translation>
    </message>
    <message>
        <source>Arrival</source>
        <translation>Ankunft</translation>
    </message>
    <message>
        <source>even: at equal distances; poisson: at random, with the same totals.</source>
        <translation>even: in gleichen Abständen; poisson: zufällig, mit denselben Summen.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>When the stream begins, counted from the end of the warm-up.</source>
        <translation>Wann der Strom beginnt, vom Ende der Aufwärmphase an gezählt.</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>The stretches of the stream&apos;s load, one after the other. The table below changes them.</source>
        <translation>Die Strecken der Last des Stroms, eine nach der anderen. Die Tabelle darunter ändert sie.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>constant, ramp to a rate, pause, spike up and back, staircase, or sine.</source>
        <translation>constant, ramp zu einer Rate, pause, spike hinauf und zurück, staircase oder sine.</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>How long the stage takes; of a staircase, how long each step does.</source>
        <translation>Wie lange der Abschnitt dauert; bei einer Treppe, wie lange jede Stufe dauert.</translation>
    </message>
    <message>
        <source>Rate, to</source>
        <translation>Rate, bis</translation>
    </message>
    <message>
        <source>Events per second: the rate of a constant stage, the rate that a ramp, spike or staircase leads to, the mean of a sine.</source>
        <translation>Ereignisse pro Sekunde: die Rate eines konstanten Abschnitts, die Rate, zu der eine Rampe, Spitze oder Treppe führt, der Mittelwert einer Sinuskurve.</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>The first step of a staircase.</source>
        <translation>Die erste Stufe einer Treppe.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>How many steps a staircase has.</source>
        <translation>Wie viele Stufen eine Treppe hat.</translation>
    </message>
    <message>
        <source>Amplitude</source>
        <translation>Amplitude</translation>
    </message>
    <message>
        <source>How far a sine swings around its mean.</source>
        <translation>Wie weit eine Sinuskurve um ihren Mittelwert schwingt.</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Periode</translation>
    </message>
    <message>
        <source>How long one swing of a sine takes.</source>
        <translation>Wie lange eine Schwingung der Sinuskurve dauert.</translation>
    </message>
    <message>
        <source>Stop at once</source>
        <translation>Sofort anhalten</translation>
    </message>
    <message>
        <source>Whether the run stops as soon as the rule is broken.</source>
        <translation>Ob der Lauf endet, sobald die Regel verletzt ist.</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>What must hold, such as: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</source>
        <translation>Was gelten muss, zum Beispiel: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</translation>
    </message>
    <message>
        <source>During</source>
        <translation>Während</translation>
    </message>
    <message>
        <source>A stream&apos;s name or warmup; nothing: the whole measured part.</source>
        <translation>Name eines Stroms oder warmup; nichts: der ganze gemessene Teil.</translation>
    </message>
    <message>
        <source>Last run</source>
        <translation>Letzter Lauf</translation>
    </message>
    <message>
        <source>What this rule looks at, as the last run of this scenario measured it.</source>
        <translation>Worauf diese Regel achtet, wie es der letzte Lauf dieses Szenarios gemessen hat.</translation>
    </message>
</context>
<context>
    <name>app::ItemTable</name>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Adds one behind the chosen one.</source>
        <translation>Fügt hinter dem gewählten Eintrag einen hinzu.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Adds a copy behind the chosen one.</source>
        <translation>Fügt hinter dem gewählten Eintrag eine Kopie hinzu.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Removes the chosen one (Delete).</source>
        <translation>Entfernt den gewählten Eintrag (Entf).</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Moves the chosen one up (Alt+Up).</source>
        <translation>Schiebt den gewählten Eintrag nach oben (Alt+Auf).</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Moves the chosen one down (Alt+Down).</source>
        <translation>Schiebt den gewählten Eintrag nach unten (Alt+Ab).</translation>
    </message>
</context>
<context>
    <name>app::KeychainSecretStore</name>
    <message>
        <source>The desktop&apos;s keychain refuses: %1</source>
        <translation>Der Schlüsselbund des Desktops verweigert: %1</translation>
    </message>
</context>
<context>
    <name>app::LagCharts</name>
    <message>
        <source>Lag</source>
        <translation>Rückstand</translation>
    </message>
    <message>
        <source>events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>lag</source>
        <translation>Rückstand</translation>
    </message>
    <message>
        <source>Age of the first message that waits</source>
        <translation>Alter der ersten wartenden Nachricht</translation>
    </message>
    <message>
        <source>age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>The lag of the chosen group appears here.</source>
        <translation>Hier erscheint der Rückstand der gewählten Gruppe.</translation>
    </message>
</context>
<context>
    <name>app::LatencyChart</name>
    <message>
        <source>from the due time</source>
        <translation>ab der Sollzeit</translation>
    </message>
    <message>
        <source>from the actual send</source>
        <translation>ab dem tatsächlichen Senden</translation>
    </message>
    <message>
        <source>p%1 %2</source>
        <translation>p%1 %2</translation>
    </message>
    <message>
        <source>highest %1</source>
        <translation>höchster Wert %1</translation>
    </message>
    <message>
        <source>%1: %2, of %3 values.</source>
        <translation>%1: %2, aus %3 Werten.</translation>
    </message>
</context>
<context>
    <name>app::LevelChart</name>
    <message>
        <source>Events found by level</source>
        <translation>Gefundene Ereignisse nach Stufe</translation>
    </message>
    <message>
        <source>The events that a search finds are counted here over time, by level.</source>
        <translation>Hier werden die Ereignisse, die eine Suche findet, über der Zeit nach Stufe gezählt.</translation>
    </message>
    <message>
        <source>%1, from %2 on: %3.</source>
        <translation>%1, ab %2: %3.</translation>
    </message>
    <message>
        <source>time after %1 (s)</source>
        <translation>Zeit nach %1 (s)</translation>
    </message>
</context>
<context>
    <name>app::LiveCharts</name>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>Histogramm der Ende-zu-Ende-Latenzen</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>Perzentile der Ende-zu-Ende-Latenzen</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <source>Percentiles</source>
        <translation>Perzentile</translation>
    </message>
    <message>
        <source>last 10 seconds</source>
        <translation>letzte 10 Sekunden</translation>
    </message>
    <message>
        <source>whole run</source>
        <translation>ganzer Lauf</translation>
    </message>
    <message>
        <source>Part of the run whose latencies are shown</source>
        <translation>Teil des Laufs, dessen Latenzen gezeigt werden</translation>
    </message>
    <message>
        <source>Waiting for the first events.</source>
        <translation>Wartet auf die ersten Ereignisse.</translation>
    </message>
    <message>
        <source>Nothing was stored in the last 10 seconds.</source>
        <translation>In den letzten 10 Sekunden wurde nichts gespeichert.</translation>
    </message>
</context>
<context>
    <name>app::LivePage</name>
    <message>
        <source>Rates, latencies, the backlog and the ledger of a run appear here as soon as one is started.</source>
        <translation>Raten, Latenzen, der Rückstand und die Bilanz eines Laufs erscheinen hier, sobald einer gestartet ist.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Szenario wählen</translation>
    </message>
    <message>
        <source>Ledger of the run&apos;s events</source>
        <translation>Bilanz der Ereignisse des Laufs</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>Bilanz</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>What happened, the newest first</source>
        <translation>Was geschehen ist, das Neueste zuerst</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Ströme</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>What the duplicate filter caught</source>
        <translation>Was der Duplikatfilter abgefangen hat</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>Angabe</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>Resources of this process and of the machine</source>
        <translation>Ressourcen dieses Prozesses und des Rechners</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Errors and warnings by kind</source>
        <translation>Fehler und Warnungen nach Art</translation>
    </message>
    <message>
        <source>The run did not start.</source>
        <translation>Der Lauf ist nicht gestartet.</translation>
    </message>
    <message>
        <source>Back to the scenario</source>
        <translation>Zurück zum Szenario</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Streams that the charts show</source>
        <translation>Ströme, die die Diagramme zeigen</translation>
    </message>
    <message>
        <source>all streams</source>
        <translation>alle Ströme</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>How the rules stand</source>
        <translation>Stand der Regeln</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>Daemons</translation>
    </message>
    <message>
        <source>How the daemons of the run stand</source>
        <translation>Stand der Daemons des Laufs</translation>
    </message>
</context>
<context>
    <name>app::LiveTables</name>
    <message>
        <source>Known when the ledger is closed, at the end of the run.</source>
        <translation>Bekannt, sobald am Ende des Laufs die Bilanz geschlossen ist.</translation>
    </message>
    <message>
        <source>Too few events for this percentile since the last look.</source>
        <translation>Zu wenige Ereignisse für dieses Perzentil seit dem letzten Blick.</translation>
    </message>
    <message>
        <source>Of %1 events.</source>
        <translation>Aus %1 Ereignissen.</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Soll</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>Bestätigt</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Send delay p99</source>
        <translation>Sendeverzug p99</translation>
    </message>
    <message>
        <source>Ack p99</source>
        <translation>Bestätigung p99</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>Ende-zu-Ende p99</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>geplant</translation>
    </message>
    <message>
        <source>Events that have become due so far.</source>
        <translation>Ereignisse, die nach dem Plan bisher fällig waren.</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>gesendet</translation>
    </message>
    <message>
        <source>Handed to the broker&apos;s client.</source>
        <translation>Dem Client des Brokers übergeben.</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>bestätigt</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>Vom Broker bestätigt.</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>wartend</translation>
    </message>
    <message>
        <source>Sent, and not yet reported on.</source>
        <translation>Gesendet und noch ohne Rückmeldung.</translation>
    </message>
    <message>
        <source>unsent</source>
        <translation>nicht gesendet</translation>
    </message>
    <message>
        <source>Could not be handed over within the tier&apos;s deadline, or before the end.</source>
        <translation>Konnten innerhalb der Frist der Klasse oder vor dem Ende nicht übergeben werden.</translation>
    </message>
    <message>
        <source>shed</source>
        <translation>abgeworfen</translation>
    </message>
    <message>
        <source>Events of the analytics tier that found no room for half a second and were given up.</source>
        <translation>Ereignisse der Klasse Analytics, die eine halbe Sekunde lang keinen Platz fanden und aufgegeben wurden.</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>Surely not persisted by the broker.</source>
        <translation>Vom Broker mit Sicherheit nicht gesichert.</translation>
    </message>
    <message>
        <source>in doubt</source>
        <translation>ungewiss</translation>
    </message>
    <message>
        <source>Possibly persisted: the broker&apos;s answer was lost.</source>
        <translation>Vom Broker vielleicht gesichert: Seine Antwort ging verloren.</translation>
    </message>
    <message>
        <source>polled</source>
        <translation>abgeholt</translation>
    </message>
    <message>
        <source>Read by the consumers, in committed batches.</source>
        <translation>Von den Consumern gelesen, in festgeschriebenen Stapeln.</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>gespeichert</translation>
    </message>
    <message>
        <source>Committed in the store.</source>
        <translation>Im Datenspeicher festgeschrieben.</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>Duplikat</translation>
    </message>
    <message>
        <source>Came twice and was stored once.</source>
        <translation>Kamen zweimal und wurden einmal gespeichert.</translation>
    </message>
    <message>
        <source>dead-lettered</source>
        <translation>ausgesondert</translation>
    </message>
    <message>
        <source>Could not be read; kept with its bytes.</source>
        <translation>Nicht lesbar; mit ihren Bytes aufbewahrt.</translation>
    </message>
    <message>
        <source>foreign</source>
        <translation>fremd</translation>
    </message>
    <message>
        <source>Not generated by this run.</source>
        <translation>Nicht von diesem Lauf erzeugt.</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>Acknowledged by the broker and never stored: must be 0.</source>
        <translation>Vom Broker bestätigt und nie gespeichert: muss 0 sein.</translation>
    </message>
    <message>
        <source>doubled</source>
        <translation>doppelt</translation>
    </message>
    <message>
        <source>Stored twice: must be 0.</source>
        <translation>Zweimal gespeichert: muss 0 sein.</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Strom</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Share of all duplicates that the filter caught before the database had to look.</source>
        <translation>Anteil aller Duplikate, die der Filter abfing, bevor die Datenbank nachsehen musste.</translation>
    </message>
    <message>
        <source>caught by the filter</source>
        <translation>vom Filter abgefangen</translation>
    </message>
    <message>
        <source>Known to the duplicate filter: database work saved.</source>
        <translation>Dem Duplikatfilter bekannt: gesparte Arbeit der Datenbank.</translation>
    </message>
    <message>
        <source>caught within a batch</source>
        <translation>im Stapel abgefangen</translation>
    </message>
    <message>
        <source>Twice in one batch.</source>
        <translation>Zweimal in einem Stapel.</translation>
    </message>
    <message>
        <source>caught by the database</source>
        <translation>von der Datenbank abgefangen</translation>
    </message>
    <message>
        <source>Found by the primary key.</source>
        <translation>Am Primärschlüssel erkannt.</translation>
    </message>
    <message>
        <source>hit ratio</source>
        <translation>Trefferquote</translation>
    </message>
    <message>
        <source>No duplicate has come yet.</source>
        <translation>Es ist noch kein Duplikat gekommen.</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>nicht gefragt</translation>
    </message>
    <message>
        <source>Events stored without asking the filter, because it was unavailable.</source>
        <translation>Ohne Nachfrage beim Filter gespeichert, weil er nicht erreichbar war.</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Processor cores in use by this process.</source>
        <translation>Von diesem Prozess genutzte Prozessorkerne.</translation>
    </message>
    <message>
        <source>Processor cores in use on the whole machine, of those there are.</source>
        <translation>Auf dem ganzen Rechner genutzte Prozessorkerne, von den vorhandenen.</translation>
    </message>
    <message>
        <source>CPU of this process</source>
        <translation>CPU dieses Prozesses</translation>
    </message>
    <message>
        <source>CPU of the machine</source>
        <translation>CPU des Rechners</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>memory of this process</source>
        <translation>Speicher dieses Prozesses</translation>
    </message>
    <message>
        <source>memory available</source>
        <translation>verfügbarer Speicher</translation>
    </message>
    <message>
        <source>disk written</source>
        <translation>auf Platte geschrieben</translation>
    </message>
    <message>
        <source>network in</source>
        <translation>Netz eingehend</translation>
    </message>
    <message>
        <source>network out</source>
        <translation>Netz ausgehend</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Zuerst</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>At</source>
        <translation>Zeitpunkt</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, dead-lettered %4; since the start.</source>
        <translation>Nicht gesendet %1, fehlgeschlagen %2, ungewiss %3, ausgesondert %4; seit dem Start.</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>Letzte Minute</translation>
    </message>
    <message>
        <source>Stored events per second.</source>
        <translation>Gespeicherte Ereignisse pro Sekunde.</translation>
    </message>
    <message>
        <source>Not known: nobody consumes.</source>
        <translation>Nicht bekannt: Niemand konsumiert.</translation>
    </message>
    <message>
        <source>Not known: somebody else&apos;s program consumes, and only its table tells of it.</source>
        <translation>Nicht bekannt: Ein fremdes Programm konsumiert, und nur seine Tabelle gibt darüber Auskunft.</translation>
    </message>
</context>
<context>
    <name>app::LoadCurveChart</name>
    <message>
        <source>Planned load</source>
        <translation>Geplante Last</translation>
    </message>
    <message>
        <source>The load over time will be drawn here once the scenario is complete.</source>
        <translation>Hier wird die Last über der Zeit gezeichnet, sobald das Szenario vollständig ist.</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>Aufwärmen</translation>
    </message>
    <message>
        <source>total</source>
        <translation>gesamt</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>%1 weitere</translation>
    </message>
</context>
<context>
    <name>app::LoadFigures</name>
    <message>
        <source>about %1</source>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Events of all streams&apos; stages, by the schedule that will run; the warm-up&apos;s are apart.</source>
        <translation>Ereignisse der Abschnitte aller Ströme nach dem Plan, der laufen wird; die der Aufwärmphase stehen für sich.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Aufwärmphase</translation>
    </message>
    <message>
        <source>Events before the stages, left out of the verdict but not of the ledger.</source>
        <translation>Ereignisse vor den Abschnitten; sie zählen nicht für das Urteil, aber für die Bilanz.</translation>
    </message>
    <message>
        <source>Peak rate</source>
        <translation>Spitzenrate</translation>
    </message>
    <message>
        <source>The highest rate of all streams together.</source>
        <translation>Die höchste Rate aller Ströme zusammen.</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Of warm-up and stages; the drain comes after.</source>
        <translation>Von Aufwärmphase und Abschnitten; der Nachlauf kommt danach.</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Nutzdaten</translation>
    </message>
    <message>
        <source>The bytes of all encoded events, uncompressed.</source>
        <translation>Die Bytes aller kodierten Ereignisse, unkomprimiert.</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Plattenplatz</translation>
    </message>
    <message>
        <source>Stored rows of about 250 B each, and about 40 B each of the primary key&apos;s index.</source>
        <translation>Gespeicherte Zeilen von je etwa 250 B und je etwa 40 B für den Index des Primärschlüssels.</translation>
    </message>
    <message>
        <source>Redis memory</source>
        <translation>Redis-Speicher</translation>
    </message>
    <message>
        <source>About 100 B for each id that is remembered at the same time: events within dedupe.ttl.</source>
        <translation>Etwa 100 B für jede gleichzeitig gemerkte Kennung: Ereignisse innerhalb von dedupe.ttl.</translation>
    </message>
    <message>
        <source>Not known: the scenario has problems.</source>
        <translation>Nicht bekannt: Das Szenario hat Fehler.</translation>
    </message>
</context>
<context>
    <name>app::LogDetails</name>
    <message>
        <source>%1 · %2 · %3 · trace %4
id %5 · processed %6</source>
        <translation>%1 · %2 · %3 · Trace %4
Kennung %5 · verarbeitet %6</translation>
    </message>
    <message>
        <source>
The message goes on; the store holds all of it, and the first 65,536 characters are shown.</source>
        <translation>
Die Meldung geht weiter; der Datenspeicher enthält sie ganz, gezeigt werden die ersten 65.536 Zeichen.</translation>
    </message>
    <message>
        <source>Fields of the chosen event</source>
        <translation>Felder des gewählten Ereignisses</translation>
    </message>
    <message>
        <source>Message of the chosen event</source>
        <translation>Meldung des gewählten Ereignisses</translation>
    </message>
    <message>
        <source>Copy messa&amp;ge</source>
        <translation>Meldun&amp;g kopieren</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>Die Meldung kopieren</translation>
    </message>
    <message>
        <source>Copy all fields of the event</source>
        <translation>Alle Felder des Ereignisses kopieren</translation>
    </message>
    <message>
        <source>Choose an event to read all of it here.</source>
        <translation>Wählen Sie ein Ereignis, um es hier ganz zu lesen.</translation>
    </message>
    <message>
        <source>due %1 · sent – · acked – · polled – · stored %2 after it was due</source>
        <translation>fällig %1 · gesendet – · bestätigt – · abgeholt – · gespeichert %2 nach der Sollzeit</translation>
    </message>
    <message>
        <source>When an event was due stands in its id; when it was stored is the time that the store noted with its batch, by its own clock. When it was sent, acked and polled is counted for all events together and kept with none.</source>
        <translation>Wann ein Ereignis fällig war, steht in seiner Kennung; wann es gespeichert wurde, hat der Datenspeicher nach seiner eigenen Uhr mit dem Stapel vermerkt. Wann es gesendet, bestätigt und abgeholt wurde, wird für alle Ereignisse zusammen gezählt und bei keinem aufbewahrt.</translation>
    </message>
    <message>
        <source>Copy a&amp;ll</source>
        <translation>Alles &amp;kopieren</translation>
    </message>
</context>
<context>
    <name>app::LogFilterBar</name>
    <message>
        <source>Store to search</source>
        <translation>Zu durchsuchender Datenspeicher</translation>
    </message>
    <message>
        <source>Where the events were stored: a run&apos;s own file, or the PostgreSQL of a connection.</source>
        <translation>Wo die Ereignisse gespeichert wurden: die eigene Datei eines Laufs oder das PostgreSQL einer Verbindung.</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Names of sources as they were stored, with commas between them. Empty: all.</source>
        <translation>Namen von Quellen, wie sie gespeichert wurden, durch Kommas getrennt. Leer: alle.</translation>
    </message>
    <message>
        <source>all sources</source>
        <translation>alle Quellen</translation>
    </message>
    <message>
        <source>Text in the message</source>
        <translation>Text in der Meldung</translation>
    </message>
    <message>
        <source>Found anywhere in the message, in upper or lower case. %, _ and * stand for themselves.</source>
        <translation>Wird überall in der Meldung gefunden, groß- oder kleingeschrieben. %, _ und * stehen für sich selbst.</translation>
    </message>
    <message>
        <source>anything</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Looks for the newest events that fit.</source>
        <translation>Sucht die neuesten passenden Ereignisse.</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>Die Suche anhalten</translation>
    </message>
    <message>
        <source>Ends the search; what was found stays.</source>
        <translation>Beendet die Suche; das Gefundene bleibt.</translation>
    </message>
    <message>
        <source>Te&amp;xt</source>
        <translation>Te&amp;xt</translation>
    </message>
    <message>
        <source>&amp;Clear filters</source>
        <translation>Filter l&amp;eeren</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter leeren</translation>
    </message>
    <message>
        <source>Any source, level, time and text again.</source>
        <translation>Wieder jede Quelle, jede Stufe, jede Zeit und jeder Text.</translation>
    </message>
    <message>
        <source>Level %1</source>
        <translation>Stufe %1</translation>
    </message>
    <message>
        <source>Only the levels that are ticked; none ticked: all.</source>
        <translation>Nur die angekreuzten Stufen; keine angekreuzt: alle.</translation>
    </message>
    <message>
        <source>Local time, compared with the time in an event&apos;s id (when it was due). Events whose id is no UUID of version 7 hold no such time: they are found without times only.</source>
        <translation>Ortszeit, verglichen mit der Zeit in der Kennung eines Ereignisses (seiner Sollzeit). Ereignisse, deren Kennung keine UUID der Version 7 ist, enthalten keine solche Zeit: Sie werden nur ohne Zeitangaben gefunden.</translation>
    </message>
    <message>
        <source>Only from a time on</source>
        <translation>Nur ab einem Zeitpunkt</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>Bi&amp;s</translation>
    </message>
    <message>
        <source>Only before a time</source>
        <translation>Nur vor einem Zeitpunkt</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Se&amp;arch</source>
        <translation>S&amp;uchen</translation>
    </message>
    <message>
        <source>&amp;Store</source>
        <translation>Da&amp;tenspeicher</translation>
    </message>
    <message>
        <source>So&amp;urce</source>
        <translation>&amp;Quelle</translation>
    </message>
    <message>
        <source>Fr&amp;om</source>
        <translation>&amp;Von</translation>
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
        <translation>Hier steht im Datenspeicher eine Zeit, die kein Kalender kennt.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>app::LogsPage</name>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Why the search failed</source>
        <translation>Warum die Suche fehlgeschlagen ist</translation>
    </message>
    <message>
        <source>Events that were found, the newest first</source>
        <translation>Gefundene Ereignisse, die neuesten zuerst</translation>
    </message>
    <message>
        <source>State of the search</source>
        <translation>Stand der Suche</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>&amp;Mehr</translation>
    </message>
    <message>
        <source>Search further back</source>
        <translation>Weiter zurück suchen</translation>
    </message>
    <message>
        <source>Goes on where the search has stopped, towards older events.</source>
        <translation>Setzt die Suche dort fort, wo sie angehalten hat, zu älteren Ereignissen hin.</translation>
    </message>
    <message>
        <source>Events that were stored can be searched here, but there is no store yet: run a scenario, or save a connection to a PostgreSQL.</source>
        <translation>Gespeicherte Ereignisse lassen sich hier suchen, aber es gibt noch keinen Datenspeicher: Starten Sie ein Szenario, oder speichern Sie eine Verbindung zu einem PostgreSQL.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Zu den Verbindungen</translation>
    </message>
    <message>
        <source>Events that were stored appear here, the newest first, once you search.</source>
        <translation>Gespeicherte Ereignisse erscheinen hier, die neuesten zuerst, sobald Sie suchen.</translation>
    </message>
    <message>
        <source>Search now</source>
        <translation>Jetzt suchen</translation>
    </message>
    <message>
        <source>Asking for what %1 needs to let us in…</source>
        <translation>Es wird gefragt, was %1 für die Anmeldung braucht…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <source>Searching further back…</source>
        <translation>Suche weiter zurück…</translation>
    </message>
    <message>
        <source>Stopped. Rows shown: %1.</source>
        <translation>Angehalten. Gezeigte Zeilen: %1.</translation>
    </message>
    <message>
        <source>No event matches the filters.</source>
        <translation>Kein gespeichertes Ereignis passt.</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter leeren</translation>
    </message>
    <message>
        <source>ids without a time</source>
        <translation>Kennungen ohne Zeit</translation>
    </message>
    <message>
        <source>Rows shown: %1, which is all that this page keeps. Narrow the search, or set To to %2, for older ones.</source>
        <translation>Gezeigte Zeilen: %1; mehr behält diese Seite nicht. Grenzen Sie die Suche ein, oder setzen Sie „Bis“ auf %2, um ältere zu finden.</translation>
    </message>
    <message>
        <source>Rows shown: %1. There are no older ones that fit.</source>
        <translation>Gezeigte Zeilen: %1. Es gibt keine älteren, die passen.</translation>
    </message>
    <message>
        <source>Rows shown: %1, back to %2. There may be more.</source>
        <translation>Gezeigte Zeilen: %1, zurück bis %2. Es kann weitere geben.</translation>
    </message>
    <message>
        <source>Rows shown: %1. A million rows were looked at, back to %2; More goes on.</source>
        <translation>Gezeigte Zeilen: %1. Eine Million Zeilen wurde durchgesehen, zurück bis %2; „Mehr“ setzt fort.</translation>
    </message>
    <message>
        <source>Rows shown: %1. Time was up at %2; More goes on.</source>
        <translation>Gezeigte Zeilen: %1. Bei %2 war die Zeit um; „Mehr“ setzt fort.</translation>
    </message>
    <message>
        <source>The search failed: %1</source>
        <translation>Die Suche ist fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>Follo&amp;w</source>
        <translation>&amp;Folgen</translation>
    </message>
    <message>
        <source>Follow the newest events</source>
        <translation>Den neuesten Ereignissen folgen</translation>
    </message>
    <message>
        <source>Asks again for the newest events that fit, about once a second, until it is pressed again.</source>
        <translation>Fragt etwa einmal pro Sekunde erneut nach den neuesten passenden Ereignissen, bis die Schaltfläche wieder gedrückt wird.</translation>
    </message>
    <message>
        <source>Sa&amp;ve as CSV…</source>
        <translation>Als &amp;CSV speichern…</translation>
    </message>
    <message>
        <source>Save the events as CSV</source>
        <translation>Die Ereignisse als CSV speichern</translation>
    </message>
    <message>
        <source>Writes the events that are shown, with all their fields, to a file.</source>
        <translation>Schreibt die gezeigten Ereignisse mit allen ihren Feldern in eine Datei.</translation>
    </message>
    <message>
        <source>Following. Rows shown: %1, the newest that fit.</source>
        <translation>Folgt. Gezeigte Zeilen: %1, die neuesten passenden.</translation>
    </message>
    <message>
        <source>Save the events</source>
        <translation>Ereignisse speichern</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>CSV-Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
</context>
<context>
    <name>app::MainWindow</name>
    <message>
        <source>Scenario</source>
        <translation>Szenario</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>A run is on</source>
        <translation>Ein Lauf ist im Gange</translation>
    </message>
    <message>
        <source>Stop the run, store what was sent, and close the window when the ledger is closed?</source>
        <translation>Den Lauf anhalten, speichern, was gesendet wurde, und das Fenster schließen, wenn die Bilanz geschlossen ist?</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About Millrace</source>
        <translation>&amp;Über Millrace</translation>
    </message>
    <message>
        <source>About Millrace</source>
        <translation>Über Millrace</translation>
    </message>
    <message>
        <source>Millrace %1 load-tests log pipelines and ends every run with a verdict.

License: GNU General Public License, version 3 or later.</source>
        <translation>Millrace %1 testet Log-Pipelines unter Last und beendet jeden Lauf mit einem Urteil.

Lizenz: GNU General Public License, Version 3 oder neuer.</translation>
    </message>
    <message>
        <source>broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>store</source>
        <translation>Datenspeicher</translation>
    </message>
    <message>
        <source>duplicate filter</source>
        <translation>Duplikatfilter</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>Lauf %1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>&apos;%1&apos; of %2</source>
        <translation>„%1“ vom %2</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) were killed before their ledgers were closed. Their journals hold what was recorded.</source>
        <translation>
            <numerusform>%n Lauf wurde gewaltsam beendet, bevor seine Bilanz geschlossen war; was sein Journal enthält, ist da.</numerusform>
            <numerusform>%n Läufe wurden gewaltsam beendet, bevor ihre Bilanzen geschlossen waren; was ihre Journale enthalten, ist da.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>The run %1 was killed before its ledger was closed. Its journal holds what was recorded.</source>
        <translation>Der Lauf %1 wurde gewaltsam beendet, bevor seine Bilanz geschlossen war; was sein Journal enthält, ist da.</translation>
    </message>
    <message>
        <source>Open what was recorded</source>
        <translation>Aufzeichnung öffnen</translation>
    </message>
    <message>
        <source>Finish it</source>
        <translation>Abschließen</translation>
    </message>
    <message>
        <source>The run %1 can be finished when the one that is on is over.</source>
        <translation>Der Lauf %1 kann abgeschlossen werden, wenn der laufende vorbei ist.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>The run %1 is being finished: what its broker still holds is stored.</source>
        <translation>Der Lauf %1 wird abgeschlossen: Was sein Broker noch hält, wird gespeichert.</translation>
    </message>
    <message>
        <source>The run %1 could not be finished. %2</source>
        <translation>Der Lauf %1 konnte nicht abgeschlossen werden. %2</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>&amp;Contents</source>
        <translation>&amp;Inhalt</translation>
    </message>
    <message>
        <source>A killed run is being finished. Start this one when that is over.</source>
        <translation>Ein gewaltsam beendeter Lauf wird gerade abgeschlossen. Starten Sie diesen, wenn das erledigt ist.</translation>
    </message>
    <message>
        <source>The run %1 is being finished with what its journal holds.</source>
        <translation>Der Lauf %1 wird mit dem abgeschlossen, was sein Journal enthält.</translation>
    </message>
    <message>
        <source>%1 % – %2 on %3 – Millrace</source>
        <translation>%1 % – %2 – Ziel: %3 – Millrace</translation>
    </message>
    <message>
        <source>%1%2 on %3 – Millrace</source>
        <translation>%1%2 – Ziel: %3 – Millrace</translation>
    </message>
    <message>
        <source>Where Start sends the load</source>
        <translation>Wohin „Start“ die Last schickt</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>Ziel: %1</translation>
    </message>
    <message>
        <source>Start sends the load to: %1</source>
        <translation>„Start“ schickt die Last an: %1</translation>
    </message>
    <message>
        <source>Load on other hosts</source>
        <translation>Last auf anderen Rechnern</translation>
    </message>
    <message>
        <source>This run sends its load to %1. Start it?</source>
        <translation>Dieser Lauf schickt seine Last an %1. Starten?</translation>
    </message>
    <message>
        <source>This is asked once for these servers.</source>
        <translation>Das wird für diese Server einmal gefragt.</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>Lauf &amp;starten</translation>
    </message>
    <message>
        <source>O&amp;pen a result…</source>
        <translation>Er&amp;gebnis öffnen…</translation>
    </message>
    <message>
        <source>Store of this run</source>
        <translation>Datenspeicher dieses Laufs</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>Monitor</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>A&amp;udit a table…</source>
        <translation>&amp;Tabelle prüfen…</translation>
    </message>
    <message>
        <source>Broker of this run</source>
        <translation>Broker dieses Laufs</translation>
    </message>
</context>
<context>
    <name>app::MarkText</name>
    <message>
        <source>warm-up</source>
        <translation>Aufwärmphase</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>Vorbereitung</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>Nachlauf</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>burst</source>
        <translation>Lastschub</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>Rate geändert</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>resume</source>
        <translation>Fortsetzung</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>Halt</translation>
    </message>
    <message>
        <source>rebalance</source>
        <translation>Neuverteilung</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>Störung</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>Erholung</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>Regel verletzt</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>outage</source>
        <translation>Ausfall</translation>
    </message>
</context>
<context>
    <name>app::MessageDetails</name>
    <message>
        <source>There is no payload: in a compacted topic this deletes the key.</source>
        <translation>Es gibt keine Nutzdaten: In einem kompaktierten Topic löscht das den Schlüssel.</translation>
    </message>
    <message>
        <source>
… The payload goes on: it has %1, and its beginning is shown.</source>
        <translation>
… Die Nutzdaten gehen weiter: Es sind %1, gezeigt wird ihr Anfang.</translation>
    </message>
    <message>
        <source>%1 · partition %2 · offset %3 · %4 · key %5</source>
        <translation>%1 · Partition %2 · Offset %3 · %4 · Schlüssel %5</translation>
    </message>
    <message>
        <source>no payload</source>
        <translation>keine Nutzdaten</translation>
    </message>
    <message>
        <source>Place, size and key of the chosen message</source>
        <translation>Ort, Größe und Schlüssel der gewählten Nachricht</translation>
    </message>
    <message>
        <source>Payload of the chosen message</source>
        <translation>Nutzdaten der gewählten Nachricht</translation>
    </message>
    <message>
        <source>Bytes of the chosen message&apos;s payload</source>
        <translation>Bytes der Nutzdaten der gewählten Nachricht</translation>
    </message>
    <message>
        <source>Headers of the chosen message</source>
        <translation>Header der gewählten Nachricht</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Ways to read the chosen message</source>
        <translation>Ansichten der gewählten Nachricht</translation>
    </message>
    <message>
        <source>Formatted</source>
        <translation>Formatiert</translation>
    </message>
    <message>
        <source>Original bytes</source>
        <translation>Originalbytes</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Cop&amp;y message</source>
        <translation>Nachricht &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>Die Nachricht kopieren</translation>
    </message>
    <message>
        <source>All of it as a line of JSON: place, time, key, headers and payload.</source>
        <translation>Alles davon als eine Zeile JSON: Ort, Zeit, Schlüssel, Header und Nutzdaten.</translation>
    </message>
    <message>
        <source>Copy &amp;key</source>
        <translation>Schlüss&amp;el kopieren</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>Den Schlüssel kopieren</translation>
    </message>
    <message>
        <source>As text; bytes that are no text as base64.</source>
        <translation>Als Text; Bytes, die kein Text sind, als base64.</translation>
    </message>
    <message>
        <source>Copy &amp;value</source>
        <translation>&amp;Wert kopieren</translation>
    </message>
    <message>
        <source>Copy the value</source>
        <translation>Den Wert kopieren</translation>
    </message>
    <message>
        <source>The payload as it is; bytes that are no text as base64.</source>
        <translation>Die Nutzdaten, wie sie sind; Bytes, die kein Text sind, als base64.</translation>
    </message>
    <message>
        <source>Save value…</source>
        <translation>Wert speichern…</translation>
    </message>
    <message>
        <source>Save the value to a file</source>
        <translation>Den Wert in eine Datei speichern</translation>
    </message>
    <message>
        <source>Writes the payload, byte by byte, to a file.</source>
        <translation>Schreibt die Nutzdaten Byte für Byte in eine Datei.</translation>
    </message>
    <message>
        <source>Headers (%1)</source>
        <translation>Header (%1)</translation>
    </message>
    <message>
        <source>Choose a message to read all of it here.</source>
        <translation>Wählen Sie eine Nachricht, um sie hier ganz zu lesen.</translation>
    </message>
</context>
<context>
    <name>app::MessageFilterBar</name>
    <message>
        <source>What is wrong with the filter</source>
        <translation>Was am Filter nicht stimmt</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>The Kafka cluster of a saved connection, or that of the last run.</source>
        <translation>Der Kafka-Cluster einer gespeicherten Verbindung oder der des letzten Laufs.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Topic</translation>
    </message>
    <message>
        <source>The topic to read. Choose one from the list, or type its name.</source>
        <translation>Das zu lesende Topic. Wählen Sie eines aus der Liste, oder tippen Sie seinen Namen.</translation>
    </message>
    <message>
        <source>name of a topic</source>
        <translation>Name eines Topics</translation>
    </message>
    <message>
        <source>Name of the topic</source>
        <translation>Name des Topics</translation>
    </message>
    <message>
        <source>&amp;List topics</source>
        <translation>Topics &amp;auflisten</translation>
    </message>
    <message>
        <source>List the topics</source>
        <translation>Die Topics auflisten</translation>
    </message>
    <message>
        <source>Asks the cluster which topics there are.</source>
        <translation>Fragt den Cluster, welche Topics es gibt.</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partition</translation>
    </message>
    <message>
        <source>One partition alone, or all of them together, in the order of their messages&apos; times.</source>
        <translation>Eine Partition allein oder alle zusammen, in der Reihenfolge der Zeiten ihrer Nachrichten.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Co&amp;nnection</source>
        <translation>Verb&amp;indung</translation>
    </message>
    <message>
        <source>&amp;Topic</source>
        <translation>&amp;Topic</translation>
    </message>
    <message>
        <source>&amp;Partition</source>
        <translation>&amp;Partition</translation>
    </message>
    <message>
        <source>Where to begin</source>
        <translation>Wo begonnen wird</translation>
    </message>
    <message>
        <source>Where the reading begins. What comes after the last message is shown as it comes.</source>
        <translation>Wo das Lesen beginnt. Was nach der letzten Nachricht kommt, wird gezeigt, sobald es kommt.</translation>
    </message>
    <message>
        <source>what comes now</source>
        <translation>dem, was jetzt kommt</translation>
    </message>
    <message>
        <source>the oldest message</source>
        <translation>der ältesten Nachricht</translation>
    </message>
    <message>
        <source>the last messages</source>
        <translation>den letzten Nachrichten</translation>
    </message>
    <message>
        <source>an offset</source>
        <translation>einem Offset</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>einer Zeit</translation>
    </message>
    <message>
        <source>How many of the last messages</source>
        <translation>Wie viele der letzten Nachrichten</translation>
    </message>
    <message>
        <source>So many of the newest messages of all partitions together.</source>
        <translation>So viele der neuesten Nachrichten aller Partitionen zusammen.</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>Offset</translation>
    </message>
    <message>
        <source>An offset of the partition that is named; each partition counts its own.</source>
        <translation>Ein Offset der angegebenen Partition; jede Partition zählt ihre eigenen.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Local time. In each partition the first message of this time or later comes first.</source>
        <translation>Ortszeit. In jeder Partition kommt zuerst die erste Nachricht von dieser Zeit oder danach.</translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation>Be&amp;ginnen mit</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Only messages that fulfil all conditions, as: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Empty: all messages.</source>
        <translation>Nur Nachrichten, die alle Bedingungen erfüllen, etwa: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Leer: alle Nachrichten.</translation>
    </message>
    <message>
        <source>all messages, or for example: json level = ERROR and text contains &quot;timed out&quot;</source>
        <translation>alle Nachrichten oder zum Beispiel: json level = ERROR and text contains &quot;timed out&quot;</translation>
    </message>
    <message>
        <source>Co&amp;mmitted only</source>
        <translation>Nur festges&amp;chriebene</translation>
    </message>
    <message>
        <source>Committed only</source>
        <translation>Nur festgeschriebene</translation>
    </message>
    <message>
        <source>Leaves out messages of transactions that were aborted or are still open.</source>
        <translation>Lässt Nachrichten von Transaktionen aus, die abgebrochen wurden oder noch offen sind.</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>Start reading</source>
        <translation>Das Lesen starten</translation>
    </message>
    <message>
        <source>Reads the topic anew. No group is joined and nothing is committed.</source>
        <translation>Liest das Topic neu. Es wird keiner Gruppe beigetreten und nichts festgeschrieben.</translation>
    </message>
    <message>
        <source>P&amp;ause</source>
        <translation>Pa&amp;use</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Holds the list still, until it is pressed again. What comes meanwhile waits in the cluster.</source>
        <translation>Hält die Liste an, bis die Schaltfläche wieder gedrückt wird. Was inzwischen kommt, wartet im Cluster.</translation>
    </message>
    <message>
        <source>F&amp;ilter</source>
        <translation>&amp;Filter</translation>
    </message>
    <message>
        <source>The filter, %1</source>
        <translation>Der Filter, %1</translation>
    </message>
</context>
<context>
    <name>app::MessagesModel</name>
    <message>
        <source>no payload: it deletes its key</source>
        <translation>keine Nutzdaten: löscht ihren Schlüssel</translation>
    </message>
    <message>
        <source>When its producer created it, by that machine&apos;s clock.</source>
        <translation>Wann ihr Producer sie erzeugt hat, nach der Uhr von dessen Rechner.</translation>
    </message>
    <message>
        <source>When the broker appended it to the log.</source>
        <translation>Wann der Broker sie an das Log angehängt hat.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partition</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>Offset</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Nutzdaten</translation>
    </message>
</context>
<context>
    <name>app::MessagesPage</name>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Why the reading failed</source>
        <translation>Warum das Lesen fehlgeschlagen ist</translation>
    </message>
    <message>
        <source>Messages, the newest last</source>
        <translation>Nachrichten, die neuesten zuletzt</translation>
    </message>
    <message>
        <source>State of the reading</source>
        <translation>Stand des Lesens</translation>
    </message>
    <message>
        <source>&amp;Older</source>
        <translation>Älte&amp;re</translation>
    </message>
    <message>
        <source>Read older messages</source>
        <translation>Ältere Nachrichten lesen</translation>
    </message>
    <message>
        <source>The messages before the first one shown.</source>
        <translation>Die Nachrichten vor der ersten gezeigten.</translation>
    </message>
    <message>
        <source>Ne&amp;wer</source>
        <translation>&amp;Neuere</translation>
    </message>
    <message>
        <source>Read newer messages</source>
        <translation>Neuere Nachrichten lesen</translation>
    </message>
    <message>
        <source>The next messages of the log; behind the last of them, what comes is shown.</source>
        <translation>Die nächsten Nachrichten des Logs; hinter der letzten wird gezeigt, was kommt.</translation>
    </message>
    <message>
        <source>Save as &amp;JSON lines…</source>
        <translation>Als &amp;JSON-Zeilen speichern…</translation>
    </message>
    <message>
        <source>Save the messages as JSON lines</source>
        <translation>Die Nachrichten als JSON-Zeilen speichern</translation>
    </message>
    <message>
        <source>Writes the messages that are shown to a file, one line of JSON each.</source>
        <translation>Schreibt die gezeigten Nachrichten in eine Datei, je eine Zeile JSON.</translation>
    </message>
    <message>
        <source>Save the messages</source>
        <translation>Nachrichten speichern</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON-Zeilen (*.jsonl)</translation>
    </message>
    <message>
        <source>%1 The reading goes on as soon as it answers.</source>
        <translation>%1 Das Lesen geht weiter, sobald der Cluster antwortet.</translation>
    </message>
    <message>
        <source>No message that fits has come yet. What comes is shown here.</source>
        <translation>Es ist noch keine passende Nachricht gekommen. Was kommt, wird hier gezeigt.</translation>
    </message>
    <message>
        <source>Show the last messages</source>
        <translation>Die letzten Nachrichten zeigen</translation>
    </message>
    <message>
        <source>Asking for what the cluster needs to let us in…</source>
        <translation>Es wird gefragt, was der Cluster für die Anmeldung braucht…</translation>
    </message>
    <message>
        <source>Looking for the place to begin…</source>
        <translation>Die Stelle für den Beginn wird gesucht…</translation>
    </message>
    <message>
        <source>The log goes on: Newer shows the next messages.</source>
        <translation>Das Log geht weiter: „Neuere“ zeigt die nächsten Nachrichten.</translation>
    </message>
    <message>
        <source>Following what comes.</source>
        <translation>Folgt dem, was kommt.</translation>
    </message>
    <message>
        <source>Waiting for the cluster.</source>
        <translation>Wartet auf den Cluster.</translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Looked at: %1, match: %2, shown: %3, newest %4 ago.</source>
        <translation>Durchgesehen: %1, passend: %2, gezeigt: %3, neueste vor %4.</translation>
    </message>
    <message>
        <source>Skipped to keep up: %1.</source>
        <translation>Übersprungen, um Schritt zu halten: %1.</translation>
    </message>
    <message>
        <source>Deleted before they were read: %1.</source>
        <translation>Gelöscht, bevor sie gelesen wurden: %1.</translation>
    </message>
    <message>
        <source>No more than these are kept; the oldest make room.</source>
        <translation>Mehr als diese werden nicht behalten; die ältesten machen Platz.</translation>
    </message>
    <message>
        <source>The messages of any topic can be read here, but no Kafka cluster is known yet: save a connection to one.</source>
        <translation>Hier lassen sich die Nachrichten jedes Topics lesen, aber es ist noch kein Kafka-Cluster bekannt: Speichern Sie eine Verbindung zu einem.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Zu den Verbindungen</translation>
    </message>
    <message>
        <source>The messages of a topic appear here once you choose one and start. Reading leaves no trace in the cluster: no group is joined and nothing is committed.</source>
        <translation>Die Nachrichten eines Topics erscheinen hier, sobald Sie eines wählen und starten. Das Lesen hinterlässt im Cluster keine Spur: Es wird keiner Gruppe beigetreten und nichts festgeschrieben.</translation>
    </message>
    <message>
        <source>List the topics of this connection</source>
        <translation>Die Topics dieser Verbindung auflisten</translation>
    </message>
    <message>
        <source>Save the value</source>
        <translation>Wert speichern</translation>
    </message>
    <message>
        <source>This page holds the first %1 of this value only; &apos;millraced messages --json&apos; writes all of it.</source>
        <translation>Diese Seite enthält nur die ersten %1 dieses Wertes; „millraced messages --json“ schreibt ihn ganz.</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
</context>
<context>
    <name>app::MonitorPage</name>
    <message>
        <source>Monitor</source>
        <translation>Monitor</translation>
    </message>
    <message>
        <source>What is missing</source>
        <translation>Was fehlt</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
    <message>
        <source>Cluster to watch</source>
        <translation>Zu beobachtender Cluster</translation>
    </message>
    <message>
        <source>The Kafka of a saved connection. Watching generates no load and changes nothing.</source>
        <translation>Das Kafka einer gespeicherten Verbindung. Das Beobachten erzeugt keine Last und ändert nichts.</translation>
    </message>
    <message>
        <source>Cl&amp;uster</source>
        <translation>Cl&amp;uster</translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation>Be&amp;obachten</translation>
    </message>
    <message>
        <source>Asks the cluster at most five times per second.</source>
        <translation>Fragt den Cluster höchstens fünfmal pro Sekunde.</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>A&amp;nhalten</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>Das Beobachten anhalten</translation>
    </message>
    <message>
        <source>What was seen stays.</source>
        <translation>Das Gesehene bleibt.</translation>
    </message>
    <message>
        <source>State of the monitor</source>
        <translation>Stand des Monitors</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a Kafka cluster can be watched here without any load, but there is no connection to one yet.</source>
        <translation>Hier lassen sich Topics, Consumer-Gruppen und Rückstand eines Kafka-Clusters ganz ohne Last beobachten, aber es gibt noch keine Verbindung zu einem.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Zu den Verbindungen</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a cluster appear here once you watch it. It generates no load.</source>
        <translation>Topics, Consumer-Gruppen und Rückstand eines Clusters erscheinen hier, sobald Sie ihn beobachten. Das erzeugt keine Last.</translation>
    </message>
    <message>
        <source>Watch it now</source>
        <translation>Jetzt beobachten</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>Verbindung zu %1 wird aufgebaut…</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>veraltet, %1</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>beobachtet</translation>
    </message>
    <message>
        <source>Alarms broken: %1</source>
        <translation>Ausgelöste Alarme: %1</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>verbindet</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>neuer Versuch</translation>
    </message>
</context>
<context>
    <name>app::PercentileChart</name>
    <message>
        <source>percentile</source>
        <translation>Perzentil</translation>
    </message>
    <message>
        <source>from the due time (s)</source>
        <translation>ab der Sollzeit (s)</translation>
    </message>
    <message>
        <source>from the actual send (s)</source>
        <translation>ab dem tatsächlichen Senden (s)</translation>
    </message>
</context>
<context>
    <name>app::PhaseText</name>
    <message>
        <source>getting ready</source>
        <translation>wird vorbereitet</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>Aufwärmphase</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>Abschnitt %1</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>Nachlauf</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>paused in %1</source>
        <translation>angehalten in %1</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1, noch %2</translation>
    </message>
</context>
<context>
    <name>app::ProblemText</name>
    <message>
        <source>stream %1</source>
        <translation>Strom %1</translation>
    </message>
    <message>
        <source>stream &quot;%1&quot;</source>
        <translation>Strom „%1“</translation>
    </message>
    <message>
        <source>rule %1</source>
        <translation>Regel %1</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>Abschnitt %1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
</context>
<context>
    <name>app::ReportPage</name>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>&amp;HTML, eine Datei…</translation>
    </message>
    <message>
        <source>&amp;PDF…</source>
        <translation>&amp;PDF…</translation>
    </message>
    <message>
        <source>Charts as P&amp;NG…</source>
        <translation>Diagramme als P&amp;NG…</translation>
    </message>
    <message>
        <source>Charts as &amp;SVG…</source>
        <translation>Diagramme als &amp;SVG…</translation>
    </message>
    <message>
        <source>Tables and charts as &amp;CSV…</source>
        <translation>Tabellen und Diagramme als &amp;CSV…</translation>
    </message>
    <message>
        <source>The result as &amp;JSON…</source>
        <translation>Das Ergebnis als &amp;JSON…</translation>
    </message>
    <message>
        <source>J&amp;Unit XML…</source>
        <translation>J&amp;Unit-XML…</translation>
    </message>
    <message>
        <source>HdrHistogram &amp;files…</source>
        <translation>HdrHistogram-&amp;Dateien…</translation>
    </message>
    <message>
        <source>&amp;Open a result…</source>
        <translation>Ergebnis ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Compare…</source>
        <translation>&amp;Vergleichen…</translation>
    </message>
    <message>
        <source>Chooses runs to compare with this one.</source>
        <translation>Wählt Läufe zum Vergleich mit diesem.</translation>
    </message>
    <message>
        <source>The report of a run appears here when it has ended: its verdict, what was measured, and why.</source>
        <translation>Der Bericht eines Laufs erscheint hier, wenn er beendet ist: sein Urteil, was gemessen wurde und warum.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Szenario wählen</translation>
    </message>
    <message>
        <source>Open a result</source>
        <translation>Ergebnis öffnen</translation>
    </message>
    <message>
        <source>Results (result.json)</source>
        <translation>Ergebnisse (result.json)</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>Ordner für die Dateien</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>Zusammenfassung als &amp;Markdown…</translation>
    </message>
    <message>
        <source>Copy s&amp;ummary</source>
        <translation>Z&amp;usammenfassung kopieren</translation>
    </message>
    <message>
        <source>Copies verdict, rules, ledger and latencies as Markdown, for a ticket or a pull request.</source>
        <translation>Kopiert Urteil, Regeln, Bilanz und Latenzen als Markdown, für ein Ticket oder einen Pull Request.</translation>
    </message>
    <message>
        <source>The summary is in the clipboard.</source>
        <translation>Die Zusammenfassung ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xportieren</translation>
    </message>
</context>
<context>
    <name>app::ReportView</name>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Als &amp;Tabelle zeigen</translation>
    </message>
    <message>
        <source>Scenario of the run</source>
        <translation>Szenario des Laufs</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>Perzentile der Ende-zu-Ende-Latenzen</translation>
    </message>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>Histogramm der Ende-zu-Ende-Latenzen</translation>
    </message>
</context>
<context>
    <name>app::RuleForm</name>
    <message>
        <source>Figure</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>What the rule is about.</source>
        <translation>Worum es in der Regel geht.</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Of which tier&apos;s events; nothing: of all.</source>
        <translation>Der Ereignisse welcher Klasse; nichts: aller.</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Of all latencies: the value that so many per cent do not exceed, the mean or the highest.</source>
        <translation>Von allen Latenzen: der Wert, den so viel Prozent nicht überschreiten, der Mittelwert oder der höchste Wert.</translation>
    </message>
    <message>
        <source>In every</source>
        <translation>In jeweils</translation>
    </message>
    <message>
        <source>A length such as 10s, in every part of which the rule must hold; nothing: in the whole run.</source>
        <translation>Eine Dauer wie 10s: Die Regel muss in jedem Zeitfenster dieser Dauer gelten; nichts: im ganzen Lauf.</translation>
    </message>
    <message>
        <source>Must be</source>
        <translation>Muss sein</translation>
    </message>
    <message>
        <source>How it compares.</source>
        <translation>Wie verglichen wird.</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Grenzwert</translation>
    </message>
    <message>
        <source>A duration such as 45ms, a rate such as 1000/s, a share such as 99% of target, or a count.</source>
        <translation>Eine Dauer wie 45ms, eine Rate wie 1000/s, ein Anteil wie 99% of target oder eine Anzahl.</translation>
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
        <translation>Regel</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Broken since</source>
        <translation>Verletzt seit</translation>
    </message>
    <message>
        <source>The worst window so far, from the first event on.</source>
        <translation>Das bisher schlechteste Zeitfenster, vom ersten Ereignis an.</translation>
    </message>
    <message>
        <source>So far, from the first event on: what the verdict would say now.</source>
        <translation>Bisher, vom ersten Ereignis an: was das Urteil jetzt sagen würde.</translation>
    </message>
    <message numerus="yes">
        <source>✗ %n rule(s) broken</source>
        <translation>
            <numerusform>✗ %n Regel verletzt</numerusform>
            <numerusform>✗ %n Regeln verletzt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::RunCharts</name>
    <message>
        <source>Rates</source>
        <translation>Raten</translation>
    </message>
    <message>
        <source>/s</source>
        <comment>events per second</comment>
        <translation>/s</translation>
    </message>
    <message>
        <source>events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>geplant</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>gesendet</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>bestätigt</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>gespeichert</translation>
    </message>
    <message>
        <source>backlog</source>
        <translation>Rückstand</translation>
    </message>
    <message>
        <source>End-to-end latency</source>
        <translation>Ende-zu-Ende-Latenz</translation>
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
        <translation>max</translation>
    </message>
    <message>
        <source>Latency by time</source>
        <translation>Latenz im Zeitverlauf</translation>
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
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Ends the load, stores what was sent and closes the ledger (Shift+F5)</source>
        <translation>Beendet die Last, speichert das Gesendete und schließt die Bilanz (Umschalt+F5)</translation>
    </message>
    <message>
        <source>&amp;Burst now</source>
        <translation>Lastsch&amp;ub jetzt</translation>
    </message>
    <message>
        <source>Adds a stream of this rate for so many seconds (Ctrl+B)</source>
        <translation>Fügt für so viele Sekunden einen Strom dieser Rate hinzu (Strg+B)</translation>
    </message>
    <message>
        <source>Rate of the burst, in events per second</source>
        <translation>Rate des Lastschubs in Ereignissen pro Sekunde</translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Length of the burst, in seconds</source>
        <translation>Dauer des Lastschubs in Sekunden</translation>
    </message>
    <message>
        <source>Rate of all streams together, in events per second</source>
        <translation>Rate aller Ströme zusammen in Ereignissen pro Sekunde</translation>
    </message>
    <message>
        <source>All streams change in proportion and keep the new rate until the end of the run.</source>
        <translation>Alle Ströme ändern sich im gleichen Verhältnis und behalten die neue Rate bis zum Ende des Laufs.</translation>
    </message>
    <message>
        <source>Goes on with the load (F6)</source>
        <translation>Setzt die Last fort (F6)</translation>
    </message>
    <message>
        <source>Holds the load; due times move (F6)</source>
        <translation>Hält die Last an; die Sollzeiten verschieben sich (F6)</translation>
    </message>
    <message>
        <source>Refused: %1.</source>
        <translation>Abgelehnt: %1.</translation>
    </message>
    <message>
        <source>R&amp;ate</source>
        <translation>Ra&amp;te</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
</context>
<context>
    <name>app::RunListModel</name>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>of a newer Millrace</source>
        <translation>von einem neueren Millrace</translation>
    </message>
    <message>
        <source>killed</source>
        <translation>gewaltsam beendet</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>nicht bestanden</translation>
    </message>
    <message>
        <source>lost or doubled</source>
        <translation>verloren oder doppelt</translation>
    </message>
    <message>
        <source>invalid</source>
        <translation>ungültig</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>nicht erreichbar</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>internal error</source>
        <translation>interner Fehler</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>Ende-zu-Ende p99</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>not finished</source>
        <translation>nicht abgeschlossen</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (eingebetteter Broker)</translation>
    </message>
</context>
<context>
    <name>app::RunTrend</name>
    <message>
        <source>Trend</source>
        <translation>Trend</translation>
    </message>
    <message>
        <source>Trend of &apos;%1&apos;</source>
        <translation>Trend von „%1“</translation>
    </message>
    <message>
        <source>The p99, stored rate and verdict of &apos;%1&apos; will be drawn here from run to run, once there are two.</source>
        <translation>p99, Speicherrate und Urteil von „%1“ werden hier von Lauf zu Lauf gezeichnet, sobald es zwei gibt.</translation>
    </message>
    <message>
        <source>end-to-end p99</source>
        <translation>Ende-zu-Ende p99</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker)</source>
        <translation>Ende-zu-Ende p99 (eingebetteter Broker)</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>gespeichert</translation>
    </message>
    <message>
        <source>%1: %2 runs, of which %3 passed and %4 ran on the embedded broker. The newest has an end-to-end p99 of %5, the oldest of %6.</source>
        <translation>%1: %2 Läufe, davon %3 bestanden und %4 mit dem eingebetteten Broker. Der neueste hat ein Ende-zu-Ende p99 von %5, der älteste von %6.</translation>
    </message>
    <message>
        <source>run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>days before the newest run</source>
        <translation>Tage vor dem neuesten Lauf</translation>
    </message>
    <message>
        <source>end-to-end p99 (s)</source>
        <translation>Ende-zu-Ende p99 (s)</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker) (s)</source>
        <translation>Ende-zu-Ende p99 (eingebetteter Broker) (s)</translation>
    </message>
    <message>
        <source>stored (/s)</source>
        <translation>gespeichert (/s)</translation>
    </message>
    <message>
        <source>passed: 1, else 0</source>
        <translation>bestanden: 1, sonst 0</translation>
    </message>
</context>
<context>
    <name>app::SavedConnections</name>
    <message>
        <source>embedded</source>
        <translation>eingebettet</translation>
    </message>
    <message>
        <source>Broker: %1
Store: %2
Duplicate filter: %3</source>
        <translation>Broker: %1
Datenspeicher: %2
Duplikatfilter: %3</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>im Arbeitsspeicher</translation>
    </message>
    <message>
        <source>The saved connections in %1 cannot be read: %2</source>
        <translation>Die gespeicherten Verbindungen in %1 können nicht gelesen werden: %2</translation>
    </message>
    <message>
        <source>The file of saved connections %1 is damaged: %2</source>
        <translation>Die Datei der gespeicherten Verbindungen %1 ist beschädigt: %2</translation>
    </message>
    <message>
        <source>A connection in %1 is left out: %2</source>
        <translation>Eine Verbindung in %1 wird ausgelassen: %2</translation>
    </message>
    <message>
        <source>The connections could not be saved to %1: %2</source>
        <translation>Die Verbindungen konnten nicht in %1 gespeichert werden: %2</translation>
    </message>
</context>
<context>
    <name>app::ScenarioDocument</name>
    <message>
        <source>New scenario</source>
        <translation>Neues Szenario</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>%1 kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>%1 was changed by another program.</source>
        <translation>%1 wurde von einem anderen Programm geändert.</translation>
    </message>
</context>
<context>
    <name>app::ScenarioField</name>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (Standard)</translation>
    </message>
</context>
<context>
    <name>app::ScenarioFiles</name>
    <message>
        <source>Scenarios (*.yaml *.yml)</source>
        <translation>Szenarien (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>&amp;Ready-made scenarios</source>
        <translation>&amp;Mitgelieferte Szenarien</translation>
    </message>
    <message>
        <source>Recent &amp;files</source>
        <translation>&amp;Zuletzt verwendet</translation>
    </message>
    <message>
        <source>&amp;New scenario</source>
        <translation>&amp;Neues Szenario</translation>
    </message>
    <message>
        <source>&amp;Open scenario…</source>
        <translation>Szenario ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Speichern &amp;unter…</translation>
    </message>
    <message>
        <source>Open a scenario</source>
        <translation>Szenario öffnen</translation>
    </message>
    <message>
        <source>Save the scenario</source>
        <translation>Szenario speichern</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>Save the changes of %1?</source>
        <translation>Die Änderungen an %1 speichern?</translation>
    </message>
    <message>
        <source>None is installed</source>
        <translation>Keine installiert</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
</context>
<context>
    <name>app::ScenarioForm</name>
    <message>
        <source>Form of the scenario</source>
        <translation>Formular des Szenarios</translation>
    </message>
    <message>
        <source>&amp;Load</source>
        <translation>L&amp;ast</translation>
    </message>
    <message>
        <source>R&amp;ules</source>
        <translation>&amp;Regeln</translation>
    </message>
    <message>
        <source>&amp;Pipeline</source>
        <translation>&amp;Pipeline</translation>
    </message>
    <message>
        <source>&amp;Target</source>
        <translation>&amp;Ziel</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Ströme</translation>
    </message>
    <message>
        <source>Stages of the chosen stream</source>
        <translation>Abschnitte des gewählten Stroms</translation>
    </message>
    <message>
        <source>&amp;Streams</source>
        <translation>&amp;Ströme</translation>
    </message>
    <message>
        <source>Sta&amp;ges of the chosen stream</source>
        <translation>Abschni&amp;tte des gewählten Stroms</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>What must hold for the verdict &apos;passed&apos;.</source>
        <translation>Was für das Urteil „passed“ gelten muss.</translation>
    </message>
    <message>
        <source>Kafka</source>
        <translation>Kafka</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Duplikatfilter</translation>
    </message>
    <message>
        <source>E&amp;vents</source>
        <translation>&amp;Ereignisse</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Strom</translation>
    </message>
    <message>
        <source>The stream whose events these fields shape.</source>
        <translation>Der Strom, dessen Ereignisse diese Felder bestimmen.</translation>
    </message>
</context>
<context>
    <name>app::ScenarioPage</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>Lauf &amp;starten</translation>
    </message>
    <message>
        <source>a new scenario</source>
        <translation>ein neues Szenario</translation>
    </message>
    <message>
        <source>The program ended before the changes of %1 were saved.</source>
        <translation>Das Programm endete, bevor die Änderungen an %1 gespeichert waren.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Another program has changed %1.</source>
        <translation>Ein anderes Programm hat %1 geändert.</translation>
    </message>
    <message>
        <source>Load the file</source>
        <translation>Die Datei laden</translation>
    </message>
    <message>
        <source>Write this text into it</source>
        <translation>Diesen Text hineinschreiben</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>Später entscheiden</translation>
    </message>
    <message>
        <source>Start the run (%1)</source>
        <translation>Lauf starten (%1)</translation>
    </message>
    <message>
        <source>A run is on. The next one can start when it is over.</source>
        <translation>Ein Lauf ist im Gange. Der nächste kann starten, wenn er vorbei ist.</translation>
    </message>
    <message>
        <source>The scenario has a problem: %1</source>
        <translation>Das Szenario hat einen Fehler: %1</translation>
    </message>
</context>
<context>
    <name>app::ScenarioText</name>
    <message>
        <source>The file is longer than 1 MiB, which no scenario is.</source>
        <translation>Die Datei ist länger als 1 MiB; das ist kein Szenario.</translation>
    </message>
    <message>
        <source>The file is not a text in UTF-8.</source>
        <translation>Die Datei ist kein Text in UTF-8.</translation>
    </message>
</context>
<context>
    <name>app::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Erscheinungsbild</translation>
    </message>
    <message>
        <source>Whether the window is light or dark. Reports and pictures follow it.</source>
        <translation>Ob das Fenster hell oder dunkel ist. Berichte und Bilder richten sich danach.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>The language of the window. Scenarios, results and logs stay as they are.</source>
        <translation>Die Sprache des Fensters. Szenarien, Ergebnisse und Logs bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>The language changes when Millrace is started again.</source>
        <translation>Die Sprache ändert sich beim nächsten Start von Millrace.</translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation>&amp;Größen</translation>
    </message>
    <message>
        <source>How sizes are written in the window. Scenario files always use powers of two: KiB, MiB.</source>
        <translation>Wie Größen im Fenster geschrieben werden. Szenariodateien verwenden immer Zweierpotenzen: KiB, MiB.</translation>
    </message>
    <message>
        <source>Powers of two (%1)</source>
        <translation>Zweierpotenzen (%1)</translation>
    </message>
    <message>
        <source>Powers of ten (%1)</source>
        <translation>Zehnerpotenzen (%1)</translation>
    </message>
    <message>
        <source>How often the figures of a run are refreshed. It changes what is drawn, never what is measured.</source>
        <translation>Wie oft die Werte eines Laufs aufgefrischt werden. Das ändert, was gezeichnet wird, nie, was gemessen wird.</translation>
    </message>
    <message numerus="yes">
        <source>%n times a second</source>
        <translation>
            <numerusform>%n-mal pro Sekunde</numerusform>
            <numerusform>%n-mal pro Sekunde</numerusform>
        </translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>Ergebnisordner</translation>
    </message>
    <message>
        <source>Each run leaves a folder of its own in here. Empty: the usual place.</source>
        <translation>Jeder Lauf hinterlässt hier einen eigenen Ordner. Leer: der übliche Ort.</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>Durchs&amp;uchen…</translation>
    </message>
    <message>
        <source>Browse for the results folder</source>
        <translation>Ergebnisordner suchen</translation>
    </message>
    <message>
        <source>Choose the results folder</source>
        <translation>Ergebnisordner wählen</translation>
    </message>
    <message>
        <source>The results folder needs its whole path, as /home/me/runs.</source>
        <translation>Der Ergebnisordner braucht seinen vollständigen Pfad, etwa /home/me/runs.</translation>
    </message>
    <message>
        <source>&amp;Answer over HTTP while a run is on, at</source>
        <translation>Über HTTP &amp;antworten, solange ein Lauf an ist, unter</translation>
    </message>
    <message>
        <source>For Prometheus, dashboards and scripts. Nobody but this machine can ask there, unless an address of its network and a token are given.</source>
        <translation>Für Prometheus, Dashboards und Skripte. Nur dieser Rechner kann dort fragen, außer wenn eine Adresse seines Netzes und ein Token angegeben sind.</translation>
    </message>
    <message>
        <source>Address and port for HTTP</source>
        <translation>Adresse und Port für HTTP</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>Metriken</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Li&amp;ve refresh</source>
        <translation>Live-A&amp;ktualisierung</translation>
    </message>
    <message>
        <source>Results f&amp;older</source>
        <translation>Ergebnis&amp;ordner</translation>
    </message>
</context>
<context>
    <name>app::SideBar</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
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
        <translation>%1 für %2</translation>
    </message>
    <message>
        <source>to %1 in %2</source>
        <translation>auf %1 in %2</translation>
    </message>
    <message>
        <source>pause %1</source>
        <translation>Pause %1</translation>
    </message>
    <message>
        <source>spike to %1 in %2</source>
        <translation>Spitze auf %1 in %2</translation>
    </message>
    <message>
        <source>%1 to %2 in %3 steps of %4</source>
        <translation>%1 bis %2 in %3 Stufen zu %4</translation>
    </message>
    <message>
        <source>%1 ± %2 for %3</source>
        <translation>%1 ± %2 für %3</translation>
    </message>
</context>
<context>
    <name>app::StatusStrip</name>
    <message>
        <source>steady</source>
        <translation>stabil</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>wächst um %1</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>sinkt: in %1 leer</translation>
    </message>
    <message>
        <source>Phase of the run</source>
        <translation>Phase des Laufs</translation>
    </message>
    <message>
        <source>Progress of the load</source>
        <translation>Fortschritt der Last</translation>
    </message>
    <message>
        <source>Rates: target, sent, stored</source>
        <translation>Raten: Soll, gesendet, gespeichert</translation>
    </message>
    <message>
        <source>End-to-end latency of the last ten seconds</source>
        <translation>Ende-zu-Ende-Latenz der letzten zehn Sekunden</translation>
    </message>
    <message>
        <source>Lost and doubled events</source>
        <translation>Verlorene und doppelte Ereignisse</translation>
    </message>
    <message>
        <source>What is nearest to its limit</source>
        <translation>Was seiner Grenze am nächsten ist</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Events per second over the last two seconds: as planned, handed to the broker&apos;s client, and committed in the store.</source>
        <translation>Ereignisse pro Sekunde in den letzten zwei Sekunden: wie geplant, dem Client des Brokers übergeben und im Datenspeicher festgeschrieben.</translation>
    </message>
    <message>
        <source>No event is due yet.</source>
        <translation>Noch ist kein Ereignis fällig.</translation>
    </message>
    <message>
        <source>%1 → %2 → %3</source>
        <translation>%1 → %2 → %3</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit, with the embedded broker: not Kafka&apos;s.</source>
        <translation>Ende-zu-Ende p99 der letzten zehn Sekunden, von der Sollzeit bis zum Festschreiben, mit dem eingebetteten Broker: nicht mit Kafka.</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit.</source>
        <translation>Ende-zu-Ende p99 der letzten zehn Sekunden, von der Sollzeit bis zum Festschreiben.</translation>
    </message>
    <message>
        <source>The rule&apos;s limit stands behind it.</source>
        <translation>Dahinter steht die Grenze der Regel.</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (eingebetteter Broker)</translation>
    </message>
    <message>
        <source>No event is unsent, failed, in doubt or forgotten by the broker so far. Lost and doubled are known when the ledger is closed.</source>
        <translation>Bisher ist kein Ereignis nicht gesendet, fehlgeschlagen, ungewiss oder vom Broker vergessen. Verlorene und doppelte sind bekannt, wenn die Bilanz geschlossen ist.</translation>
    </message>
    <message>
        <source>%1 events missing</source>
        <translation>%1 Ereignisse fehlen</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, forgotten by the broker %4.</source>
        <translation>Nicht gesendet %1, fehlgeschlagen %2, ungewiss %3, vom Broker vergessen %4.</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>Noch ist nichts gemessen.</translation>
    </message>
    <message>
        <source>CPU %1</source>
        <translation>CPU %1</translation>
    </message>
    <message>
        <source>The processors of this machine are nearest to their limit.</source>
        <translation>Die Prozessoren dieses Rechners sind ihrer Grenze am nächsten.</translation>
    </message>
    <message>
        <source>generator %1</source>
        <translation>Generator %1</translation>
    </message>
    <message>
        <source>How late the generator&apos;s own threads wake up, at p99, as a share of the 10 ms beyond which a run is invalid.</source>
        <translation>Wie spät die Threads des Generators selbst aufwachen, bei p99, als Anteil der 10 ms, ab denen ein Lauf ungültig ist.</translation>
    </message>
    <message>
        <source>Health of the broker</source>
        <translation>Zustand des Brokers</translation>
    </message>
    <message>
        <source>Health of the store</source>
        <translation>Zustand des Datenspeichers</translation>
    </message>
    <message>
        <source>Health of the duplicate filter</source>
        <translation>Zustand des Duplikatfilters</translation>
    </message>
    <message>
        <source>Health of Millrace itself</source>
        <translation>Zustand von Millrace selbst</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>Wohin der Lauf geht</translation>
    </message>
    <message>
        <source>Events that wait to be stored</source>
        <translation>Ereignisse, die auf das Speichern warten</translation>
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
        <translation>Ziel: %1</translation>
    </message>
    <message>
        <source>The load goes to: %1</source>
        <translation>Die Last geht an: %1</translation>
    </message>
    <message>
        <source>Events that are sent and not stored yet: %1 that the broker has not acknowledged, and %2 that the store has not committed.</source>
        <translation>Ereignisse, die gesendet und noch nicht gespeichert sind: %1, die der Broker nicht bestätigt hat, und %2, die der Datenspeicher nicht übernommen hat.</translation>
    </message>
    <message>
        <source>waiting %1 %2</source>
        <translation>wartend %1 %2</translation>
    </message>
    <message>
        <source>Rules that are broken</source>
        <translation>Verletzte Regeln</translation>
    </message>
    <message>
        <source>p99 (10 s) %1</source>
        <translation>p99 (10 s) %1</translation>
    </message>
    <message>
        <source>p99 (10 s) %1, limit %2</source>
        <translation>p99 (10 s) %1, Grenze %2</translation>
    </message>
    <message>
        <source>nothing missing</source>
        <translation>nichts fehlt</translation>
    </message>
</context>
<context>
    <name>app::StreamsPanel</name>
    <message>
        <source>Figures of each tier</source>
        <translation>Werte jeder Klasse</translation>
    </message>
    <message>
        <source>Figures of each stream</source>
        <translation>Werte jedes Stroms</translation>
    </message>
    <message>
        <source>Figures of the last five to ten seconds. Choose a stream to see the charts of it alone.</source>
        <translation>Werte der letzten fünf bis zehn Sekunden. Wählen Sie einen Strom, um nur dessen Diagramme zu sehen.</translation>
    </message>
</context>
<context>
    <name>app::TargetChooser</name>
    <message>
        <source>answers</source>
        <translation>antwortet</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>antwortet nicht</translation>
    </message>
    <message>
        <source> in %1 ms</source>
        <translation> in %1 ms</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>Wohin der Lauf geht</translation>
    </message>
    <message>
        <source>Embedded needs no server. A saved connection wins over what the scenario says and leaves its text as it is.</source>
        <translation>„Eingebettet“ braucht keinen Server. Eine gespeicherte Verbindung hat Vorrang vor dem, was das Szenario sagt, und lässt dessen Text, wie er ist.</translation>
    </message>
    <message>
        <source>Test the target</source>
        <translation>Das Ziel testen</translation>
    </message>
    <message>
        <source>Asks each server and shows its answer and its round trip.</source>
        <translation>Fragt jeden Server und zeigt seine Antwort und die Antwortzeit.</translation>
    </message>
    <message>
        <source>From the environment, else embedded</source>
        <translation>Aus der Umgebung, sonst eingebettet</translation>
    </message>
    <message>
        <source>Embedded: no server is needed</source>
        <translation>Eingebettet: kein Server nötig</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Server werden gefragt…</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT, several with commas between them.</source>
        <translation>embedded oder HOST:PORT, mehrere durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>from the environment, else embedded</source>
        <translation>aus der Umgebung, sonst eingebettet</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Datenspeicher</translation>
    </message>
    <message>
        <source>embedded, sqlite:FILE or postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. A password is never written out.</source>
        <translation>embedded, sqlite:FILE oder postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. Ein Passwort wird nie ausgeschrieben.</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Duplikatfilter</translation>
    </message>
    <message>
        <source>memory or redis://HOST:PORT.</source>
        <translation>memory oder redis://HOST:PORT.</translation>
    </message>
    <message>
        <source>from the environment, else memory</source>
        <translation>aus der Umgebung, sonst Arbeitsspeicher</translation>
    </message>
    <message>
        <source>an address that cannot be read</source>
        <translation>eine Adresse, die nicht lesbar ist</translation>
    </message>
    <message>
        <source>servers of its own</source>
        <translation>eigene Server</translation>
    </message>
    <message>
        <source>The scenario&apos;s text says: %1. The connection chosen here wins.</source>
        <translation>Im Text des Szenarios steht: %1. Die hier gewählte Verbindung gilt.</translation>
    </message>
</context>
<context>
    <name>app::TargetText</name>
    <message>
        <source>embedded</source>
        <translation>eingebettet</translation>
    </message>
    <message>
        <source>embedded broker, %1</source>
        <translation>eingebetteter Broker, %1</translation>
    </message>
</context>
<context>
    <name>app::TextPane</name>
    <message>
        <source>Problems of the scenario</source>
        <translation>Fehler des Szenarios</translation>
    </message>
    <message>
        <source>What keeps this scenario from running. Enter or a click leads to the place.</source>
        <translation>Was dieses Szenario am Laufen hindert. Die Eingabetaste oder ein Klick führt zur Stelle.</translation>
    </message>
</context>
<context>
    <name>app::TimeChart</name>
    <message>
        <source>%1 %2: %3 at the median second, highest %4 at %5.</source>
        <translation>%1 %2: %3 in der mittleren Sekunde, höchstens %4 bei %5.</translation>
    </message>
    <message>
        <source>time (s)</source>
        <translation>Zeit (s)</translation>
    </message>
</context>
<context>
    <name>app::ValueText</name>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 kann nicht gelesen werden: %2.</translation>
    </message>
</context>
<context>
    <name>app::YamlCompletion</name>
    <message>
        <source>What can stand here</source>
        <translation>Was hier stehen kann</translation>
    </message>
</context>
<context>
    <name>app::YamlEditor</name>
    <message>
        <source>Text of the scenario</source>
        <translation>Text des Szenarios</translation>
    </message>
    <message>
        <source>The scenario as YAML. The form beside it shows each change, and the other way round. Ctrl+Space offers what can stand here, Ctrl+F finds, Tab indents. Ctrl+Tab, or Esc and then Tab, leaves the text.</source>
        <translation>Das Szenario als YAML. Das Formular daneben zeigt jede Änderung, und umgekehrt. Strg+Leertaste bietet an, was hier stehen kann, Strg+F sucht, Tab rückt ein. Strg+Tab, oder Esc und dann Tab, verlässt den Text.</translation>
    </message>
</context>
</TS>

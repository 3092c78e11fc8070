<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>app::AlarmPanel</name>
    <message>
        <source>Alarms</source>
        <translation>Alarmes</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Règle</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Actuel</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Depuis</translation>
    </message>
    <message>
        <source>Rule to add</source>
        <translation>Règle à ajouter</translation>
    </message>
    <message>
        <source>lag counts events, lag_s is the age of the first message that waits. Without a group it speaks of every one.</source>
        <translation>lag compte les événements, lag_s est l’âge du premier message en attente. Sans groupe, la règle porte sur chacun d’eux.</translation>
    </message>
    <message>
        <source>Ru&amp;le</source>
        <translation>Règl&amp;e</translation>
    </message>
    <message>
        <source>A&amp;dd alarm</source>
        <translation>A&amp;jouter l’alarme</translation>
    </message>
    <message>
        <source>Rem&amp;ove alarm</source>
        <translation>&amp;Supprimer l’alarme</translation>
    </message>
    <message>
        <source>This rule cannot be read: %1</source>
        <translation>Cette règle ne peut pas être lue&#xa0;: %1</translation>
    </message>
    <message>
        <source>✗ broken</source>
        <translation>✗ enfreinte</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ respectée</translation>
    </message>
    <message>
        <source>– not evaluated</source>
        <translation>– non évaluée</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>Groupe %1</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>il y a %1</translation>
    </message>
</context>
<context>
    <name>app::AuditDialog</name>
    <message>
        <source>events, app.events or &quot;Events&quot;</source>
        <translation>events, app.events ou &quot;Events&quot;</translation>
    </message>
    <message>
        <source>the column with the events&apos; ids</source>
        <translation>la colonne contenant les identifiants des événements</translation>
    </message>
    <message>
        <source>the commit&apos;s time, where the server keeps it</source>
        <translation>l’heure de la validation, si le serveur la conserve</translation>
    </message>
    <message>
        <source>every run in the table; or one: its folder, its id or its tag</source>
        <translation>toutes les exécutions de la table&#xa0;; ou une seule&#xa0;: son dossier, son identifiant ou son étiquette</translation>
    </message>
    <message>
        <source>What became of each run</source>
        <translation>Ce qu’est devenue chaque exécution</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>&amp;Enregistrer…</translation>
    </message>
    <message>
        <source>Audit of a table</source>
        <translation>Audit d’une table</translation>
    </message>
    <message>
        <source>S&amp;tore</source>
        <translation>&amp;Stockage</translation>
    </message>
    <message>
        <source>T&amp;able</source>
        <translation>&amp;Table</translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation>&amp;Identifiant</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Parcourir…</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>E&amp;xécution</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Arrêté.</translation>
    </message>
    <message>
        <source>Waiting for the password…</source>
        <translation>En attente du mot de passe…</translation>
    </message>
    <message>
        <source>Reading the table…</source>
        <translation>Lecture de la table…</translation>
    </message>
    <message>
        <source>%1 rows read.</source>
        <translation>%1 lignes lues.</translation>
    </message>
    <message>
        <source>%1 at %2: %3 rows, %4 of them foreign.</source>
        <translation>%1 sur %2&#xa0;: %3 lignes, dont %4 étrangères.</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>A&amp;rrêter</translation>
    </message>
    <message>
        <source>Add a &amp;connection…</source>
        <translation>Ajouter une &amp;connexion…</translation>
    </message>
    <message>
        <source>A&amp;udit</source>
        <translation>A&amp;uditer</translation>
    </message>
    <message>
        <source>An audit reads a table in a PostgreSQL; there is no connection to one yet.</source>
        <translation>Un audit lit une table d’un PostgreSQL&#xa0;; il n’y a pas encore de connexion à un PostgreSQL.</translation>
    </message>
    <message>
        <source>Names a table that another consumer filled, and says what is lost, doubled, and how late.</source>
        <translation>Indiquez une table qu’un autre consommateur a remplie&#xa0;; l’audit dit ce qui est perdu, ce qui est en double, et avec quel retard.</translation>
    </message>
    <message>
        <source>Folder of the run</source>
        <translation>Dossier de l’exécution</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Enregistré sous %1.</translation>
    </message>
    <message>
        <source>Store&amp;d at</source>
        <translation>Stoc&amp;ké à</translation>
    </message>
</context>
<context>
    <name>app::AuditRows</name>
    <message>
        <source>Of %1 rows.</source>
        <translation>Sur %1 lignes.</translation>
    </message>
    <message>
        <source>No result of this run is known; name its folder.</source>
        <translation>Aucun résultat de cette exécution n’est connu&#xa0;; indiquez son dossier.</translation>
    </message>
    <message>
        <source>Too few rows for this percentile.</source>
        <translation>Trop peu de lignes pour ce percentile.</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>Acquittés par le broker.</translation>
    </message>
    <message>
        <source>Events that are in the table.</source>
        <translation>Événements présents dans la table.</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row.</source>
        <translation>Acquittés, et dans aucune ligne.</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row; the first ones: %1.</source>
        <translation>Acquittés, et dans aucune ligne&#xa0;; les premiers&#xa0;: %1.</translation>
    </message>
    <message>
        <source>It is known what was acknowledged: see &apos;Lost&apos;.</source>
        <translation>Ce qui a été acquitté est connu&#xa0;: voir «&#xa0;Perdus&#xa0;».</translation>
    </message>
    <message>
        <source>Numbers without a row between the first and the last seen of each stream: lost, or never sent.</source>
        <translation>Numéros sans ligne entre le premier et le dernier vus de chaque flux&#xa0;: perdus, ou jamais envoyés.</translation>
    </message>
    <message>
        <source>Rows beyond the first of their id.</source>
        <translation>Lignes au-delà de la première de leur identifiant.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Exécution</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>Acquittés</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Stockés</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Perdus</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Manquants</translation>
    </message>
    <message>
        <source>Doubled</source>
        <translation>En double</translation>
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
        <translation>Rien à afficher pour l’instant.</translation>
    </message>
    <message>
        <source>%1 as a table</source>
        <translation>%1 sous forme de tableau</translation>
    </message>
    <message>
        <source>Menu of the chart %1</source>
        <translation>Menu du graphique %1</translation>
    </message>
    <message>
        <source>Show as table, or save as a picture or as CSV</source>
        <translation>Afficher sous forme de tableau, ou enregistrer comme image ou CSV</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Afficher en &amp;tableau</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>Enregistrer en &amp;PNG…</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>Images PNG (*.png)</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>Enregistrer en &amp;SVG…</translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation>Images SVG (*.svg)</translation>
    </message>
    <message>
        <source>Save as &amp;CSV…</source>
        <translation>Enregistrer en &amp;CSV…</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>Tableaux CSV (*.csv)</translation>
    </message>
    <message>
        <source>Save the chart %1</source>
        <translation>Enregistrer le graphique %1</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>%1 n’a pas pu être écrit&#xa0;: %2.</translation>
    </message>
</context>
<context>
    <name>app::ChartTableModel</name>
    <message>
        <source>Not known: nothing happened in this interval, or there were too few values for this figure.</source>
        <translation>Inconnu&#xa0;: rien ne s’est produit dans cet intervalle, ou il y avait trop peu de valeurs pour ce chiffre.</translation>
    </message>
</context>
<context>
    <name>app::CheckView</name>
    <message>
        <source>ok</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>avertissement</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échec</translation>
    </message>
    <message>
        <source>What each server has answered</source>
        <translation>Ce que chaque serveur a répondu</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Serveur</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Aller-retour</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Réponse</translation>
    </message>
    <message>
        <source>The time of one question and its answer over a connection that stands.</source>
        <translation>Durée d’une question et de sa réponse sur une connexion établie.</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Stockage</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Filtre de doublons</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>interrogation…</translation>
    </message>
    <message>
        <source>Check SASL mechanism, SASL user and SASL password above.</source>
        <translation>Vérifiez ci-dessus le mécanisme, l’utilisateur et le mot de passe SASL.</translation>
    </message>
    <message>
        <source>check the user in the store&apos;s address, and its password above</source>
        <translation>vérifiez l’utilisateur dans l’adresse du stockage, et son mot de passe ci-dessus</translation>
    </message>
    <message>
        <source>set the duplicate filter&apos;s password above</source>
        <translation>saisissez ci-dessus le mot de passe du filtre de doublons</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>non testé</translation>
    </message>
    <message>
        <source>It wants a token, and the one above is not the one that it knows.</source>
        <translation>Il veut un jeton, et celui ci-dessus n’est pas celui qu’il connaît.</translation>
    </message>
</context>
<context>
    <name>app::ClusterPanel</name>
    <message>
        <source>Brokers</source>
        <translation>Brokers</translation>
    </message>
    <message>
        <source>Groups, topics and alarms</source>
        <translation>Groupes, topics et alarmes</translation>
    </message>
    <message>
        <source>Consumer groups</source>
        <translation>Groupes de consommateurs</translation>
    </message>
    <message>
        <source>&amp;Groups</source>
        <translation>&amp;Groupes</translation>
    </message>
    <message>
        <source>&amp;Topics</source>
        <translation>&amp;Topics</translation>
    </message>
    <message>
        <source>&amp;Alarms</source>
        <translation>A&amp;larmes</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>Topics</translation>
    </message>
    <message>
        <source>Browse &amp;messages</source>
        <translation>Parcourir les &amp;messages</translation>
    </message>
    <message>
        <source>Shows the messages of the chosen topic.</source>
        <translation>Affiche les messages du topic choisi.</translation>
    </message>
    <message>
        <source>Partitions and members of the group</source>
        <translation>Partitions et membres du groupe</translation>
    </message>
    <message>
        <source>Partitions of the group</source>
        <translation>Partitions du groupe</translation>
    </message>
    <message>
        <source>Members of the group</source>
        <translation>Membres du groupe</translation>
    </message>
    <message>
        <source>Part&amp;itions</source>
        <translation>Part&amp;itions</translation>
    </message>
    <message>
        <source>Mem&amp;bers</source>
        <translation>Mem&amp;bres</translation>
    </message>
    <message>
        <source>Sa&amp;ve history as CSV…</source>
        <translation>Enregistrer l’historique en &amp;CSV…</translation>
    </message>
    <message>
        <source>Writes the lag of every group over time to a file.</source>
        <translation>Écrit dans un fichier le retard de chaque groupe au cours du temps.</translation>
    </message>
    <message>
        <source>Choose a group to see its lag.</source>
        <translation>Choisissez un groupe pour voir son retard.</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>Save the history of the lag</source>
        <translation>Enregistrer l’historique du retard</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>Tableaux CSV (*.csv)</translation>
    </message>
</context>
<context>
    <name>app::ClusterRows</name>
    <message>
        <source>No offset is committed.</source>
        <translation>Aucun offset n’est validé.</translation>
    </message>
    <message>
        <source>The committed offset has expired: the log begins later.</source>
        <translation>L’offset validé a expiré&#xa0;: le journal commence plus loin.</translation>
    </message>
    <message>
        <source>The committed offset lies beyond the log&apos;s end.</source>
        <translation>L’offset validé se trouve au-delà de la fin du journal.</translation>
    </message>
    <message>
        <source>All is read: only transaction markers or compacted offsets follow.</source>
        <translation>Tout est lu&#xa0;: seuls suivent des marqueurs de transaction ou des offsets compactés.</translation>
    </message>
    <message>
        <source>At most: offsets count transaction markers or compacted messages too.</source>
        <translation>Au plus&#xa0;: les offsets comptent aussi les marqueurs de transaction ou les messages compactés.</translation>
    </message>
    <message>
        <source>The log&apos;s end is not known.</source>
        <translation>La fin du journal n’est pas connue.</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>stable</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>croît de %1</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>se résorbe&#xa0;: vide dans %1</translation>
    </message>
    <message>
        <source>The group has not been asked yet.</source>
        <translation>Le groupe n’a pas encore été interrogé.</translation>
    </message>
    <message>
        <source>It is not known of every partition.</source>
        <translation>Le retard n’est pas connu pour toutes les partitions.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>sans limite</translation>
    </message>
    <message>
        <source>%1 without a leader</source>
        <translation>%1 sans leader</translation>
    </message>
    <message>
        <source>%1 under-replicated</source>
        <translation>%1 sous-répliquées</translation>
    </message>
    <message>
        <source>in sync</source>
        <translation>synchronisé</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Membres</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>Retard</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Âge</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>Tendance</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Remarques</translation>
    </message>
    <message>
        <source>As it was %1 ago.</source>
        <translation>Tel qu’il y a %1.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Topic</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>Partitions</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Répliques</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Débit</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Conservés</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Retention</source>
        <translation>Rétention</translation>
    </message>
    <message>
        <source>Cleanup</source>
        <translation>Nettoyage</translation>
    </message>
    <message>
        <source>The size in bytes is not available with this librdkafka.</source>
        <translation>La taille en octets n’est pas disponible avec ce librdkafka.</translation>
    </message>
    <message>
        <source>Offsets between the log&apos;s begin and its end.</source>
        <translation>Offsets entre le début du journal et sa fin.</translation>
    </message>
    <message>
        <source>It is not known yet.</source>
        <translation>Pas encore connu.</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partition</translation>
    </message>
    <message>
        <source>Committed</source>
        <translation>Validé</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Fin</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>Membre</translation>
    </message>
    <message>
        <source>Within %1, from when the log&apos;s end passed there.</source>
        <translation>À %1 près, d’après le moment où la fin du journal est passée par là.</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Machine</translation>
    </message>
    <message>
        <source>%1 in rack %2</source>
        <translation>%1 dans le rack %2</translation>
    </message>
    <message>
        <source>%1 (controller)</source>
        <translation>%1 (contrôleur)</translation>
    </message>
    <message>
        <source>Brokers: %1 · asking %2 times per second</source>
        <translation>Brokers&#xa0;: %1 · %2 interrogations par seconde</translation>
    </message>
    <message>
        <source>Lag: %1 events, age %2, %3</source>
        <translation>Retard&#xa0;: %1 événements, âge %2, %3</translation>
    </message>
</context>
<context>
    <name>app::Connection</name>
    <message>
        <source>Password for Kafka</source>
        <translation>Mot de passe pour Kafka</translation>
    </message>
    <message>
        <source>Password of the Kafka key file</source>
        <translation>Mot de passe du fichier de clé Kafka</translation>
    </message>
    <message>
        <source>Password for PostgreSQL</source>
        <translation>Mot de passe pour PostgreSQL</translation>
    </message>
    <message>
        <source>Password for Redis</source>
        <translation>Mot de passe pour Redis</translation>
    </message>
    <message>
        <source>A connection has no id.</source>
        <translation>Une connexion n’a pas d’identifiant.</translation>
    </message>
    <message>
        <source>A connection needs a name.</source>
        <translation>Une connexion doit avoir un nom.</translation>
    </message>
    <message>
        <source>The broker&apos;s address should look like HOST:PORT, several with commas between them.</source>
        <translation>L’adresse du broker doit avoir la forme HOST:PORT&#x202f;; séparez plusieurs adresses par des virgules.</translation>
    </message>
    <message>
        <source>An address must not hold a password, for it is kept in a file: write it into the field for the password.</source>
        <translation>Une adresse ne doit pas contenir de mot de passe, car elle est conservée dans un fichier&#xa0;: saisissez-le dans le champ du mot de passe.</translation>
    </message>
    <message>
        <source>The store&apos;s address should look like postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE.</source>
        <translation>L’adresse du stockage doit avoir la forme postgresql://USER@HOST:PORT/DATABASE ou sqlite:FILE.</translation>
    </message>
    <message>
        <source>The duplicate filter&apos;s address should look like redis://HOST:PORT.</source>
        <translation>L’adresse du filtre de doublons doit avoir la forme redis://HOST:PORT.</translation>
    </message>
    <message>
        <source>The Kafka setting %1 is not allowed here.</source>
        <translation>Le paramètre Kafka %1 n’est pas autorisé ici.</translation>
    </message>
    <message>
        <source>The daemons&apos; addresses should look like HOST:PORT or dns:NAME:PORT, several with commas between them.</source>
        <translation>Les adresses des démons doivent avoir la forme HOST:PORT ou dns:NAME:PORT&#xa0;; séparez plusieurs adresses par des virgules.</translation>
    </message>
    <message>
        <source>Daemons meet at real servers: the connection needs the broker&apos;s address and that of a PostgreSQL as well.</source>
        <translation>Les démons se rejoignent sur de vrais serveurs&#xa0;: la connexion a aussi besoin de l’adresse du broker et de celle d’un PostgreSQL.</translation>
    </message>
    <message>
        <source>Token of the daemons</source>
        <translation>Jeton des démons</translation>
    </message>
</context>
<context>
    <name>app::ConnectionForm</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Nom</translation>
    </message>
    <message>
        <source>As it appears wherever a target is chosen.</source>
        <translation>Tel qu’il apparaît partout où l’on choisit une cible.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Oublier</translation>
    </message>
    <message>
        <source>Forget: %1</source>
        <translation>Oublier&#xa0;: %1</translation>
    </message>
    <message>
        <source>Forgets the stored password when the connection is saved.</source>
        <translation>Supprime le mot de passe conservé dès que la connexion est enregistrée.</translation>
    </message>
    <message>
        <source>Broker (Kafka)</source>
        <translation>Broker (Kafka)</translation>
    </message>
    <message>
        <source>&amp;Broker address</source>
        <translation>Adresse du bro&amp;ker</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT,…</source>
        <translation>embedded, ou HOST:PORT,…</translation>
    </message>
    <message>
        <source>HOST:PORT, several with commas between them. Empty: each run brings its own broker.</source>
        <translation>HOST:PORT, plusieurs séparés par des virgules. Vide&#xa0;: chaque exécution apporte son propre broker.</translation>
    </message>
    <message>
        <source>Security &amp;protocol</source>
        <translation>&amp;Protocole de sécurité</translation>
    </message>
    <message>
        <source>How to speak to the broker: in the clear or by TLS (ssl), with or without a login (sasl).</source>
        <translation>Comment dialoguer avec le broker&#xa0;: en clair ou par TLS (ssl), avec ou sans authentification (sasl).</translation>
    </message>
    <message>
        <source>SASL &amp;mechanism</source>
        <translation>&amp;Mécanisme SASL</translation>
    </message>
    <message>
        <source>How the login is proved.</source>
        <translation>Comment l’identité est prouvée.</translation>
    </message>
    <message>
        <source>SASL &amp;user</source>
        <translation>&amp;Utilisateur SASL</translation>
    </message>
    <message>
        <source>The name to log in with.</source>
        <translation>Le nom sous lequel se connecter.</translation>
    </message>
    <message>
        <source>SASL pass&amp;word</source>
        <translation>M&amp;ot de passe SASL</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file.</source>
        <translation>Conservé dans le trousseau du bureau, jamais dans un fichier.</translation>
    </message>
    <message>
        <source>&amp;CA certificates</source>
        <translation>Certificats d’autor&amp;ité</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the broker.</source>
        <translation>Un fichier PEM contenant les autorités qui peuvent se porter garantes du broker.</translation>
    </message>
    <message>
        <source>A PEM file, where the broker wants to know us by TLS.</source>
        <translation>Un fichier PEM, si le broker veut nous identifier par TLS.</translation>
    </message>
    <message>
        <source>Client &amp;key</source>
        <translation>Clé c&amp;lient</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file.</source>
        <translation>La clé du certificat, un fichier PEM.</translation>
    </message>
    <message>
        <source>Passw&amp;ord of the key</source>
        <translation>Mot &amp;de passe de la clé</translation>
    </message>
    <message>
        <source>Further Kafka settings</source>
        <translation>Autres paramètres Kafka</translation>
    </message>
    <message>
        <source>Settings of librdkafka that a scenario may name as well, a line each.</source>
        <translation>Paramètres de librdkafka qu’un scénario peut aussi citer, un par ligne.</translation>
    </message>
    <message>
        <source>Store (PostgreSQL)</source>
        <translation>Stockage (PostgreSQL)</translation>
    </message>
    <message>
        <source>embedded, or postgresql://USER@HOST:PORT/DATABASE</source>
        <translation>embedded, ou postgresql://USER@HOST:PORT/DATABASE</translation>
    </message>
    <message>
        <source>Without a password. sqlite:FILE is possible too. Empty: each run creates its own file.</source>
        <translation>Sans mot de passe. sqlite:FILE est aussi possible. Vide&#xa0;: chaque exécution crée son propre fichier.</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file. Empty: PGPASSWORD or ~/.pgpass, if they are there.</source>
        <translation>Conservé dans le trousseau du bureau, jamais dans un fichier. Vide&#xa0;: PGPASSWORD ou ~/.pgpass, s’ils existent.</translation>
    </message>
    <message>
        <source>TLS (sslmode)</source>
        <translation>TLS (sslmode)</translation>
    </message>
    <message>
        <source>CA certificates</source>
        <translation>Certificats d’autorité</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the server.</source>
        <translation>Un fichier PEM contenant les autorités qui peuvent se porter garantes du serveur.</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>Certificat client</translation>
    </message>
    <message>
        <source>A PEM file, where the server wants to know us by TLS.</source>
        <translation>Un fichier PEM, si le serveur veut nous identifier par TLS.</translation>
    </message>
    <message>
        <source>Client key</source>
        <translation>Clé client</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file without a password.</source>
        <translation>La clé du certificat, un fichier PEM sans mot de passe.</translation>
    </message>
    <message>
        <source>Duplicate filter (Redis)</source>
        <translation>Filtre de doublons (Redis)</translation>
    </message>
    <message>
        <source>&amp;Duplicate filter&apos;s address</source>
        <translation>Adresse du filtre de dou&amp;blons</translation>
    </message>
    <message>
        <source>in memory, or redis://HOST:PORT</source>
        <translation>en mémoire, ou redis://HOST:PORT</translation>
    </message>
    <message>
        <source>Without a password. Empty: in memory.</source>
        <translation>Sans mot de passe. Vide&#xa0;: en mémoire.</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>kept; type to change it</source>
        <translation>conservé&#x202f;; saisissez pour le modifier</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Further Kafka settings are lines of the form NAME=VALUE, which this one is not: %1</source>
        <translation>Les autres paramètres Kafka sont des lignes de la forme NOM=VALEUR, ce que celle-ci n’est pas&#xa0;: %1</translation>
    </message>
    <message>
        <source>verify-full is the only one that is safe from somebody in between. Empty: TLS where the server offers it (prefer).</source>
        <translation>Seul verify-full protège d’un intermédiaire malveillant. Vide&#xa0;: TLS si le serveur le propose (prefer).</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (par défaut)</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Parcourir…</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>Parcourir&#xa0;: %1</translation>
    </message>
    <message>
        <source>Chooses the file.</source>
        <translation>Choisit le fichier.</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.cer *.key);;All files (*)</source>
        <translation>Fichiers PEM (*.pem *.crt *.cer *.key);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Further settin&amp;gs</source>
        <translation>Aut&amp;res paramètres</translation>
    </message>
    <message>
        <source>S&amp;tore address</source>
        <translation>Adresse du stocka&amp;ge</translation>
    </message>
    <message>
        <source>not kept; asked for when it is needed</source>
        <translation>non conservé&#x202f;; demandé si nécessaire</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>Démons</translation>
    </message>
    <message>
        <source>Addresses of daemons</source>
        <translation>Adresses de démons</translation>
    </message>
    <message>
        <source>none, or HOST:PORT,…</source>
        <translation>aucune, ou HOST:PORT,…</translation>
    </message>
    <message>
        <source>Producers and consumers that send and store instead of this process: HOST:PORT, several with commas between them, or dns:NAME:PORT for every address of a name. Empty: none.</source>
        <translation>Producteurs et consommateurs qui envoient et stockent à la place de ce processus&#xa0;: HOST:PORT, plusieurs séparés par des virgules, ou dns:NAME:PORT pour toutes les adresses d’un nom. Vide&#xa0;: aucun.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Jeton</translation>
    </message>
</context>
<context>
    <name>app::ConnectionOpener</name>
    <message>
        <source>Password needed</source>
        <translation>Mot de passe requis</translation>
    </message>
    <message>
        <source>%1 of the connection &apos;%2&apos;:</source>
        <translation>%1 de la connexion «&#xa0;%2&#xa0;»&#xa0;:</translation>
    </message>
    <message>
        <source>The connection &apos;%1&apos; cannot be used without its password.</source>
        <translation>La connexion «&#xa0;%1&#xa0;» ne peut pas être utilisée sans son mot de passe.</translation>
    </message>
</context>
<context>
    <name>app::ConnectionTest</name>
    <message>
        <source>Test connect&amp;ion</source>
        <translation>&amp;Tester la connexion</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Tester la connexion</translation>
    </message>
    <message>
        <source>Asks each server with what the fields say, saved or not, and changes nothing on them.</source>
        <translation>Interroge chaque serveur avec le contenu des champs, enregistré ou non, et n’y modifie rien.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>Arrêter le test</translation>
    </message>
    <message>
        <source>Waits for no more answers.</source>
        <translation>N’attend plus de réponses.</translation>
    </message>
    <message>
        <source>Daemons of the connection</source>
        <translation>Démons de la connexion</translation>
    </message>
</context>
<context>
    <name>app::ConnectionsPage</name>
    <message>
        <source>Connections</source>
        <translation>Connexions</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Ce qui ne va pas</translation>
    </message>
    <message>
        <source>Saved connections</source>
        <translation>Connexions enregistrées</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>A&amp;jouter</translation>
    </message>
    <message>
        <source>Creates a new connection.</source>
        <translation>Crée une nouvelle connexion.</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Copier</translation>
    </message>
    <message>
        <source>Creates a new connection like this one; its passwords are not copied.</source>
        <translation>Crée une nouvelle connexion semblable à celle-ci&#x202f;; ses mots de passe ne sont pas copiés.</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>&amp;Supprimer</translation>
    </message>
    <message>
        <source>Removes this connection and its passwords.</source>
        <translation>Supprime cette connexion et ses mots de passe.</translation>
    </message>
    <message>
        <source>A connection names the servers that a run loads: Kafka, PostgreSQL and Redis, with how to log in. Without one, everything runs embedded in Millrace.</source>
        <translation>Une connexion désigne les serveurs qu’une exécution met sous charge&#xa0;: Kafka, PostgreSQL et Redis, et comment s’y connecter. Sans connexion, tout fonctionne intégré à Millrace.</translation>
    </message>
    <message>
        <source>Add a connection</source>
        <translation>Ajouter une connexion</translation>
    </message>
    <message>
        <source>Where passwords are kept</source>
        <translation>Où les mots de passe sont conservés</translation>
    </message>
    <message>
        <source>Fields of the connection</source>
        <translation>Champs de la connexion</translation>
    </message>
    <message>
        <source>Keeps what the fields say.</source>
        <translation>Conserve le contenu des champs.</translation>
    </message>
    <message>
        <source>New connection</source>
        <translation>Nouvelle connexion</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (copie)</translation>
    </message>
    <message>
        <source>Remove the connection?</source>
        <translation>Supprimer la connexion&#x202f;?</translation>
    </message>
    <message>
        <source>Remove the connection &apos;%1&apos; and the passwords that are kept for it?</source>
        <translation>Supprimer la connexion «&#xa0;%1&#xa0;» et les mots de passe conservés pour elle&#x202f;?</translation>
    </message>
    <message>
        <source>This desktop has no keychain: passwords are kept until Millrace ends, and asked for again at the next start.</source>
        <translation>Ce bureau n’a pas de trousseau&#xa0;: les mots de passe sont conservés jusqu’à la fermeture de Millrace et redemandés au prochain démarrage.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Enregistrer</translation>
    </message>
</context>
<context>
    <name>app::EmptyView</name>
    <message>
        <source>Why nothing is shown</source>
        <translation>Pourquoi rien n’est affiché</translation>
    </message>
</context>
<context>
    <name>app::FindBar</name>
    <message>
        <source>Find in the text</source>
        <translation>Rechercher dans le texte</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Précédent</translation>
    </message>
    <message>
        <source>The place before (%1)</source>
        <translation>L’endroit précédent (%1)</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>The next place (%1)</source>
        <translation>L’endroit suivant (%1)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Back to the text (Esc)</source>
        <translation>Retour au texte (Échap)</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>Introuvable</translation>
    </message>
</context>
<context>
    <name>app::FleetRows</name>
    <message>
        <source>producer</source>
        <translation>producteur</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>consommateur</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>pas encore de réponse</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>périmé, %1</translation>
    </message>
    <message>
        <source>began anew</source>
        <translation>redémarré</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>répond</translation>
    </message>
    <message>
        <source>in trouble</source>
        <translation>en difficulté</translation>
    </message>
    <message>
        <source>Its clocks have not been compared with ours yet.</source>
        <translation>Ses horloges n’ont pas encore été comparées aux nôtres.</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>By so much its wall clock is ahead of ours; known to ±%1 ms, half of the shortest round trip. It does not change a figure: instants count from the run&apos;s beginning.</source>
        <translation>Avance de son horloge sur la nôtre, connue à ±%1 ms près, soit la moitié de l’aller-retour le plus court. Elle ne change aucun chiffre&#xa0;: les instants sont comptés depuis le début de l’exécution.</translation>
    </message>
    <message>
        <source>Daemon</source>
        <translation>Démon</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rôle</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Envoyés</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Stockés</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Horloge</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Only a producer sends.</source>
        <translation>Seul un producteur envoie.</translation>
    </message>
    <message>
        <source>Only a consumer stores.</source>
        <translation>Seul un consommateur stocke.</translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1 à %2&#xa0;: %3</translation>
    </message>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1, et %n autre</numerusform>
            <numerusform>%1, et %n autres</numerusform>
        </translation>
    </message>
    <message>
        <source>takes no part</source>
        <translation>ne participe pas</translation>
    </message>
    <message>
        <source>It has not said yet what it is.</source>
        <translation>Il n’a pas encore dit ce qu’il est.</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Ce qui ne va pas</translation>
    </message>
    <message>
        <source>daemon</source>
        <translation>démon</translation>
    </message>
</context>
<context>
    <name>app::FormFields</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>What the run is called, 1 to 100 characters.</source>
        <translation>Le nom de l’exécution, de 1 à 100 caractères.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Graine</translation>
    </message>
    <message>
        <source>The same seed gives the same events and due times.</source>
        <translation>La même graine donne les mêmes événements et les mêmes échéances.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Préchauffage</translation>
    </message>
    <message>
        <source>Load at the first stage&apos;s rate before the stages, left out of the verdict but not of the ledger.</source>
        <translation>Charge au débit de la première étape avant les étapes&#x202f;; exclue du verdict mais pas du bilan.</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>Vidange</translation>
    </message>
    <message>
        <source>How long the end waits for the consumer at most.</source>
        <translation>Combien de temps la fin attend le consommateur au maximum.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Of an encoded event: 285B, or {min: 200B, max: 600B, distribution: exponential}.</source>
        <translation>D’un événement encodé&#xa0;: 285B, ou {min: 200B, max: 600B, distribution: exponential}.</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Niveaux</translation>
    </message>
    <message>
        <source>Weights of the levels; they need not add up to 100.</source>
        <translation>Poids des niveaux&#x202f;; leur somme ne doit pas forcément faire 100.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Sources</translation>
    </message>
    <message>
        <source>Names with commas between them, equally frequent.</source>
        <translation>Noms séparés par des virgules, tous aussi fréquents.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clé</translation>
    </message>
    <message>
        <source>Key of the Kafka message: id, source, none, or {zipf: 1.1, keys: 10000}.</source>
        <translation>Clé du message Kafka&#xa0;: id, source, none, ou {zipf: 1.1, keys: 10000}.</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>generated, or {file: app.log}: the lines of a file, in order, round and round; relative to the scenario&apos;s file.</source>
        <translation>generated, ou {file: app.log}&#xa0;: les lignes d’un fichier, dans l’ordre, en boucle&#x202f;; relatif au fichier du scénario.</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Doublons</translation>
    </message>
    <message>
        <source>{ratio: 1%, within: 10s}: share of events that repeat an earlier id, and how long after it.</source>
        <translation>{ratio: 1%, within: 10s}&#xa0;: part des événements qui répètent un identifiant antérieur, et dans quel délai.</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Illisibles</translation>
    </message>
    <message>
        <source>Share of events whose payload is broken on purpose.</source>
        <translation>Part des événements dont la charge utile est volontairement corrompue.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Topic</translation>
    </message>
    <message>
        <source>Of the normal tier; the other tiers have topics of their own.</source>
        <translation>De la classe normal&#x202f;; les autres classes ont leurs propres topics.</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>Partitions</translation>
    </message>
    <message>
        <source>Of topics that are created.</source>
        <translation>Des topics qui sont créés.</translation>
    </message>
    <message>
        <source>Acks</source>
        <translation>Acquittement</translation>
    </message>
    <message>
        <source>Who has an event before it counts as acked: all, the leader (1) or nobody (0).</source>
        <translation>Qui doit avoir un événement pour qu’il soit acquitté&#xa0;: tous (all), le leader (1) ou personne (0).</translation>
    </message>
    <message>
        <source>Linger</source>
        <translation>Attente</translation>
    </message>
    <message>
        <source>How long a batch of the normal tier waits to fill.</source>
        <translation>Combien de temps un lot de la classe normal attend d’être rempli.</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Lot</translation>
    </message>
    <message>
        <source>The largest batch of the normal tier.</source>
        <translation>Le plus grand lot de la classe normal.</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>Compression</translation>
    </message>
    <message>
        <source>Of all tiers that say nothing themselves.</source>
        <translation>De toutes les classes qui ne précisent rien.</translation>
    </message>
    <message>
        <source>Consumer group</source>
        <translation>Groupe de consommateurs</translation>
    </message>
    <message>
        <source>Of the reference consumer.</source>
        <translation>Du consommateur de référence.</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Ouvriers</translation>
    </message>
    <message>
        <source>1 to 64.</source>
        <translation>De 1 à 64.</translation>
    </message>
    <message>
        <source>Events in one database transaction at most, 1 to 50000.</source>
        <translation>Événements par transaction de base de données au maximum, de 1 à 50000.</translation>
    </message>
    <message>
        <source>How long a batch waits for more when nothing is at hand.</source>
        <translation>Combien de temps un lot attend d’autres événements quand il n’y a rien à lire.</translation>
    </message>
    <message>
        <source>Critical batch</source>
        <translation>Lot critique</translation>
    </message>
    <message>
        <source>The critical tier&apos;s batch.</source>
        <translation>Le lot de la classe critical.</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>Rebuts</translation>
    </message>
    <message>
        <source>Where unreadable events go.</source>
        <translation>Où vont les événements illisibles.</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>Durée de vie</translation>
    </message>
    <message>
        <source>How long an id is remembered, at least 1s.</source>
        <translation>Combien de temps un identifiant est retenu, au moins 1s.</translation>
    </message>
    <message>
        <source>Prefix</source>
        <translation>Préfixe</translation>
    </message>
    <message>
        <source>Of the keys, 1 to 64 characters.</source>
        <translation>Des clés, de 1 à 64 caractères.</translation>
    </message>
    <message>
        <source>worked out from the load</source>
        <translation>calculé d’après la charge</translation>
    </message>
    <message>
        <source>Who consumes</source>
        <translation>Qui consomme</translation>
    </message>
    <message>
        <source>Millrace with the settings below if nothing is written, none, or the table that somebody else&apos;s consumer fills: {audit: {table: events, id: id, stored_at: created_at}}.</source>
        <translation>Millrace avec les paramètres ci-dessous si rien n’est écrit, none, ou la table que remplit un consommateur tiers&#xa0;: {audit: {table: events, id: id, stored_at: created_at}}.</translation>
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
        <translation>va bien</translation>
    </message>
    <message>
        <source>acknowledges nothing, %1 waiting</source>
        <translation>n’acquitte rien, %1 en attente</translation>
    </message>
    <message>
        <source>acknowledges %1 of %2, %3 waiting</source>
        <translation>acquitte %1 sur %2, %3 en attente</translation>
    </message>
    <message>
        <source>gives the consumers nothing, %1 waiting</source>
        <translation>ne livre rien aux consommateurs, %1 en attente</translation>
    </message>
    <message>
        <source>does not answer, %1 waiting</source>
        <translation>ne répond pas, %1 en attente</translation>
    </message>
    <message>
        <source>stores %1 of %2, %3 waiting</source>
        <translation>stocke %1 sur %2, %3 en attente</translation>
    </message>
    <message>
        <source>is away, %1 events past the filter</source>
        <translation>est absent, %1 événements sans filtre</translation>
    </message>
    <message>
        <source>is late, %1 events sent too late</source>
        <translation>est en retard, %1 événements envoyés trop tard</translation>
    </message>
    <message>
        <source>embedded broker</source>
        <translation>broker intégré</translation>
    </message>
    <message>
        <source>filter in memory</source>
        <translation>filtre en mémoire</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 à %2</translation>
    </message>
    <message>
        <source>%1 %2, for %3</source>
        <translation>%1 %2, depuis %3</translation>
    </message>
</context>
<context>
    <name>app::HeatMap</name>
    <message>
        <source>%1 to %2</source>
        <translation>de %1 à %2</translation>
    </message>
    <message>
        <source>%1: most events took %2, the slowest %3 at %4.</source>
        <translation>%1&#xa0;: la plupart des événements ont pris %2, les plus lents %3 à %4.</translation>
    </message>
    <message>
        <source>from (s)</source>
        <translation>de (s)</translation>
    </message>
    <message>
        <source>until (s)</source>
        <translation>à (s)</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2&#xa0;: %3</translation>
    </message>
    <message>
        <source>%1, most in %2: %3</source>
        <translation>%1, la plupart dans %2&#xa0;: %3</translation>
    </message>
</context>
<context>
    <name>app::HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documents</translation>
    </message>
    <message>
        <source>Text of the document</source>
        <translation>Texte du document</translation>
    </message>
</context>
<context>
    <name>app::HistogramChart</name>
    <message>
        <source>from (s)</source>
        <translation>de (s)</translation>
    </message>
    <message>
        <source>to below (s)</source>
        <translation>à moins de (s)</translation>
    </message>
    <message>
        <source>from the due time (events)</source>
        <translation>depuis l’échéance (événements)</translation>
    </message>
    <message>
        <source>from the actual send (events)</source>
        <translation>depuis l’envoi réel (événements)</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>de %1 à %2</translation>
    </message>
</context>
<context>
    <name>app::HistoryPage</name>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Ouvrir</translation>
    </message>
    <message>
        <source>Shows the report of the chosen run.</source>
        <translation>Affiche le rapport de l’exécution choisie.</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Comparer</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>É&amp;tiquettes…</translation>
    </message>
    <message>
        <source>Words by which the chosen runs can be found again.</source>
        <translation>Mots qui permettent de retrouver les exécutions choisies.</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>Définir comme &amp;référence</translation>
    </message>
    <message>
        <source>Other runs of this name are compared with the chosen one.</source>
        <translation>Les autres exécutions de ce nom sont comparées à celle choisie.</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Supprimer…</translation>
    </message>
    <message>
        <source>Deletes the folders of the chosen runs.</source>
        <translation>Supprime les dossiers des exécutions choisies.</translation>
    </message>
    <message>
        <source>Search by name, verdict or tag</source>
        <translation>Rechercher par nom, verdict ou étiquette</translation>
    </message>
    <message>
        <source>Search the runs</source>
        <translation>Rechercher dans les exécutions</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Exécutions</translation>
    </message>
    <message>
        <source>Every run is kept and listed here, to be opened again and compared.</source>
        <translation>Chaque exécution est conservée et répertoriée ici, pour être rouverte et comparée.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Choisir un scénario</translation>
    </message>
    <message>
        <source>&amp;Back to the runs</source>
        <translation>&amp;Retour aux exécutions</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <source>Tags of the chosen runs, separated by commas:</source>
        <translation>Étiquettes des exécutions choisies, séparées par des virgules&#xa0;:</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>Supprimer des exécutions</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s) with all their files? This cannot be undone.</source>
        <translation>
            <numerusform>Supprimer %n exécution avec tous ses fichiers&#x202f;? Cette action est irréversible.</numerusform>
            <numerusform>Supprimer %n exécutions avec tous leurs fichiers&#x202f;? Cette action est irréversible.</numerusform>
        </translation>
    </message>
    <message>
        <source>Fi&amp;nish</source>
        <translation>Co&amp;nclure</translation>
    </message>
    <message>
        <source>Closes the ledger of a run that was killed, and judges it: what its broker still holds is stored first. A run with the embedded broker is kept as it was recorded.</source>
        <translation>Clôt le bilan d’une exécution tuée et la juge&#xa0;: ce que son broker détient encore est d’abord stocké. Une exécution avec le broker intégré reste telle qu’elle a été enregistrée.</translation>
    </message>
    <message>
        <source>Where the runs are listed</source>
        <translation>D’où viennent les exécutions de la liste</translation>
    </message>
    <message>
        <source>The results folder, or a PostgreSQL of a saved connection, which knows its runs by name.</source>
        <translation>Le dossier des résultats, ou le PostgreSQL d’une connexion enregistrée, qui connaît ses exécutions par leur nom.</translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>Dossier des résultats</translation>
    </message>
    <message>
        <source>Asking %1 for its runs…</source>
        <translation>Demande à %1 de ses exécutions…</translation>
    </message>
    <message>
        <source>No run is known there.</source>
        <translation>Aucune exécution n’y est connue.</translation>
    </message>
    <message>
        <source>Compares two to five chosen runs; the oldest one is the reference, unless one of them is the baseline. A single run is compared with the baseline of its name.</source>
        <translation>Compare de deux à cinq exécutions choisies&#x202f;; la plus ancienne sert de base, sauf si l’une d’elles est la référence. Une exécution seule est comparée à la référence de son nom.</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>Afficher le &amp;dossier</translation>
    </message>
    <message>
        <source>Opens the folder of the chosen run.</source>
        <translation>Ouvre le dossier de l’exécution choisie.</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>&amp;Exporter</translation>
    </message>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>&amp;HTML, un seul fichier…</translation>
    </message>
    <message>
        <source>Figures as &amp;CSV…</source>
        <translation>Chiffres en &amp;CSV…</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>Résumé en &amp;Markdown…</translation>
    </message>
    <message>
        <source>This run does not lie in the results folder, so it is not listed here.</source>
        <translation>Cette exécution ne se trouve pas dans le dossier des résultats&#x202f;; elle n’est donc pas répertoriée ici.</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>Enregistrer la comparaison</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Enregistré sous %1.</translation>
    </message>
</context>
<context>
    <name>app::ItemColumns</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>What rules, charts and reports call the stream.</source>
        <translation>Le nom que les règles, graphiques et rapports donnent au flux.</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Classe</translation>
    </message>
    <message>
        <source>How the stream&apos;s events travel: critical at once, normal after a short wait, analytics in large batches.</source>
        <translation>Comment les événements du flux sont acheminés&#xa0;: critical immédiatement, normal après une brève attente, analytics par grands lots.</translation>
    </message>
    <message>
        <source>Arrival</source>
        <translation>Arrivée</translation>
    </message>
    <message>
        <source>even: at equal distances; poisson: at random, with the same totals.</source>
        <translation>even&#xa0;: à intervalles égaux&#x202f;; poisson&#xa0;: au hasard, avec les mêmes totaux.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Début</translation>
    </message>
    <message>
        <source>When the stream begins, counted from the end of the warm-up.</source>
        <translation>Quand le flux commence, à compter de la fin du préchauffage.</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <source>The stretches of the stream&apos;s load, one after the other. The table below changes them.</source>
        <translation>Les tronçons de la charge du flux, l’un après l’autre. Le tableau ci-dessous les modifie.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>constant, ramp to a rate, pause, spike up and back, staircase, or sine.</source>
        <translation>constant, ramp vers un débit, pause, spike aller et retour, staircase ou sine.</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>How long the stage takes; of a staircase, how long each step does.</source>
        <translation>Durée de l’étape&#x202f;; pour un escalier, durée de chaque marche.</translation>
    </message>
    <message>
        <source>Rate, to</source>
        <translation>Débit, vers</translation>
    </message>
    <message>
        <source>Events per second: the rate of a constant stage, the rate that a ramp, spike or staircase leads to, the mean of a sine.</source>
        <translation>Événements par seconde&#xa0;: le débit d’une étape constante, celui auquel mène une rampe, une pointe ou un escalier, la moyenne d’une sinusoïde.</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>The first step of a staircase.</source>
        <translation>La première marche d’un escalier.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Marches</translation>
    </message>
    <message>
        <source>How many steps a staircase has.</source>
        <translation>Le nombre de marches d’un escalier.</translation>
    </message>
    <message>
        <source>Amplitude</source>
        <translation>Amplitude</translation>
    </message>
    <message>
        <source>How far a sine swings around its mean.</source>
        <translation>De combien une sinusoïde oscille autour de sa moyenne.</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>How long one swing of a sine takes.</source>
        <translation>Durée d’une oscillation de la sinusoïde.</translation>
    </message>
    <message>
        <source>Stop at once</source>
        <translation>Arrêt immédiat</translation>
    </message>
    <message>
        <source>Whether the run stops as soon as the rule is broken.</source>
        <translation>Indique si l’exécution s’arrête dès que la règle est enfreinte.</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Règle</translation>
    </message>
    <message>
        <source>What must hold, such as: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</source>
        <translation>Ce qui doit être respecté, par exemple&#xa0;: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</translation>
    </message>
    <message>
        <source>During</source>
        <translation>Pendant</translation>
    </message>
    <message>
        <source>A stream&apos;s name or warmup; nothing: the whole measured part.</source>
        <translation>Le nom d’un flux ou warmup&#x202f;; rien&#xa0;: toute la partie mesurée.</translation>
    </message>
    <message>
        <source>Last run</source>
        <translation>Dernière exécution</translation>
    </message>
    <message>
        <source>What this rule looks at, as the last run of this scenario measured it.</source>
        <translation>Ce que cette règle examine, tel que la dernière exécution de ce scénario l’a mesuré.</translation>
    </message>
</context>
<context>
    <name>app::ItemTable</name>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Adds one behind the chosen one.</source>
        <translation>Ajoute un élément après celui choisi.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Adds a copy behind the chosen one.</source>
        <translation>Ajoute une copie après l’élément choisi.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Removes the chosen one (Delete).</source>
        <translation>Supprime l’élément choisi (Suppr).</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Monter</translation>
    </message>
    <message>
        <source>Moves the chosen one up (Alt+Up).</source>
        <translation>Monte l’élément choisi (Alt+Haut).</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Descendre</translation>
    </message>
    <message>
        <source>Moves the chosen one down (Alt+Down).</source>
        <translation>Descend l’élément choisi (Alt+Bas).</translation>
    </message>
</context>
<context>
    <name>app::KeychainSecretStore</name>
    <message>
        <source>The desktop&apos;s keychain refuses: %1</source>
        <translation>Le trousseau du bureau refuse&#xa0;: %1</translation>
    </message>
</context>
<context>
    <name>app::LagCharts</name>
    <message>
        <source>Lag</source>
        <translation>Retard</translation>
    </message>
    <message>
        <source>events</source>
        <translation>événements</translation>
    </message>
    <message>
        <source>lag</source>
        <translation>retard</translation>
    </message>
    <message>
        <source>Age of the first message that waits</source>
        <translation>Âge du premier message en attente</translation>
    </message>
    <message>
        <source>age</source>
        <translation>âge</translation>
    </message>
    <message>
        <source>The lag of the chosen group appears here.</source>
        <translation>Le retard du groupe choisi apparaît ici.</translation>
    </message>
</context>
<context>
    <name>app::LatencyChart</name>
    <message>
        <source>from the due time</source>
        <translation>depuis l’échéance</translation>
    </message>
    <message>
        <source>from the actual send</source>
        <translation>depuis l’envoi réel</translation>
    </message>
    <message>
        <source>p%1 %2</source>
        <translation>p%1 %2</translation>
    </message>
    <message>
        <source>highest %1</source>
        <translation>maximum %1</translation>
    </message>
    <message>
        <source>%1: %2, of %3 values.</source>
        <translation>%1&#xa0;: %2, sur %3 valeurs.</translation>
    </message>
</context>
<context>
    <name>app::LevelChart</name>
    <message>
        <source>Events found by level</source>
        <translation>Événements trouvés par niveau</translation>
    </message>
    <message>
        <source>The events that a search finds are counted here over time, by level.</source>
        <translation>Les événements trouvés par une recherche sont comptés ici au cours du temps, par niveau.</translation>
    </message>
    <message>
        <source>%1, from %2 on: %3.</source>
        <translation>%1, à partir de %2&#xa0;: %3.</translation>
    </message>
    <message>
        <source>time after %1 (s)</source>
        <translation>temps après %1 (s)</translation>
    </message>
</context>
<context>
    <name>app::LiveCharts</name>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>Histogramme des latences de bout en bout</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>Percentiles des latences de bout en bout</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramme</translation>
    </message>
    <message>
        <source>Percentiles</source>
        <translation>Percentiles</translation>
    </message>
    <message>
        <source>last 10 seconds</source>
        <translation>10 dernières secondes</translation>
    </message>
    <message>
        <source>whole run</source>
        <translation>toute l’exécution</translation>
    </message>
    <message>
        <source>Part of the run whose latencies are shown</source>
        <translation>Partie de l’exécution dont les latences sont affichées</translation>
    </message>
    <message>
        <source>Waiting for the first events.</source>
        <translation>En attente des premiers événements.</translation>
    </message>
    <message>
        <source>Nothing was stored in the last 10 seconds.</source>
        <translation>Rien n’a été stocké pendant les 10 dernières secondes.</translation>
    </message>
</context>
<context>
    <name>app::LivePage</name>
    <message>
        <source>Rates, latencies, the backlog and the ledger of a run appear here as soon as one is started.</source>
        <translation>Les débits, les latences, le retard et le bilan d’une exécution apparaissent ici dès qu’elle est lancée.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Choisir un scénario</translation>
    </message>
    <message>
        <source>Ledger of the run&apos;s events</source>
        <translation>Bilan des événements de l’exécution</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>Bilan</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Événements</translation>
    </message>
    <message>
        <source>What happened, the newest first</source>
        <translation>Ce qui s’est passé, du plus récent au plus ancien</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Flux</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtre</translation>
    </message>
    <message>
        <source>What the duplicate filter caught</source>
        <translation>Ce que le filtre de doublons a intercepté</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Doublons</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>Chiffre</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Machine</translation>
    </message>
    <message>
        <source>Resources of this process and of the machine</source>
        <translation>Ressources de ce processus et de la machine</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Erreurs</translation>
    </message>
    <message>
        <source>Errors and warnings by kind</source>
        <translation>Erreurs et avertissements par type</translation>
    </message>
    <message>
        <source>The run did not start.</source>
        <translation>L’exécution n’a pas démarré.</translation>
    </message>
    <message>
        <source>Back to the scenario</source>
        <translation>Retour au scénario</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Graphiques</translation>
    </message>
    <message>
        <source>Streams that the charts show</source>
        <translation>Flux affichés par les graphiques</translation>
    </message>
    <message>
        <source>all streams</source>
        <translation>tous les flux</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Règles</translation>
    </message>
    <message>
        <source>How the rules stand</source>
        <translation>État des règles</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>Démons</translation>
    </message>
    <message>
        <source>How the daemons of the run stand</source>
        <translation>État des démons de l’exécution</translation>
    </message>
</context>
<context>
    <name>app::LiveTables</name>
    <message>
        <source>Known when the ledger is closed, at the end of the run.</source>
        <translation>Connu quand le bilan est clos, à la fin de l’exécution.</translation>
    </message>
    <message>
        <source>Too few events for this percentile since the last look.</source>
        <translation>Trop peu d’événements pour ce percentile depuis le dernier relevé.</translation>
    </message>
    <message>
        <source>Of %1 events.</source>
        <translation>Sur %1 événements.</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Cible</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Envoyés</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>Acquittés</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Stockés</translation>
    </message>
    <message>
        <source>Send delay p99</source>
        <translation>Retard d’envoi p99</translation>
    </message>
    <message>
        <source>Ack p99</source>
        <translation>Acquittement p99</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>Bout en bout p99</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>prévus</translation>
    </message>
    <message>
        <source>Events that have become due so far.</source>
        <translation>Événements que le planning a rendus exigibles jusqu’ici.</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>envoyés</translation>
    </message>
    <message>
        <source>Handed to the broker&apos;s client.</source>
        <translation>Remis au client du broker.</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>acquittés</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>Acquittés par le broker.</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>en file</translation>
    </message>
    <message>
        <source>Sent, and not yet reported on.</source>
        <translation>Envoyés, et encore sans retour.</translation>
    </message>
    <message>
        <source>unsent</source>
        <translation>non envoyés</translation>
    </message>
    <message>
        <source>Could not be handed over within the tier&apos;s deadline, or before the end.</source>
        <translation>N’ont pas pu être remis dans le délai de la classe, ou avant la fin.</translation>
    </message>
    <message>
        <source>shed</source>
        <translation>délestés</translation>
    </message>
    <message>
        <source>Events of the analytics tier that found no room for half a second and were given up.</source>
        <translation>Événements de la classe analytics qui n’ont pas trouvé de place pendant une demi-seconde et ont été abandonnés.</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoués</translation>
    </message>
    <message>
        <source>Surely not persisted by the broker.</source>
        <translation>Certainement pas conservés par le broker.</translation>
    </message>
    <message>
        <source>in doubt</source>
        <translation>incertains</translation>
    </message>
    <message>
        <source>Possibly persisted: the broker&apos;s answer was lost.</source>
        <translation>Peut-être conservés&#xa0;: la réponse du broker a été perdue.</translation>
    </message>
    <message>
        <source>polled</source>
        <translation>lus</translation>
    </message>
    <message>
        <source>Read by the consumers, in committed batches.</source>
        <translation>Lus par les consommateurs, dans des lots validés.</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>stockés</translation>
    </message>
    <message>
        <source>Committed in the store.</source>
        <translation>Validés dans le stockage.</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>doublons</translation>
    </message>
    <message>
        <source>Came twice and was stored once.</source>
        <translation>Arrivés deux fois et stockés une seule fois.</translation>
    </message>
    <message>
        <source>dead-lettered</source>
        <translation>mis au rebut</translation>
    </message>
    <message>
        <source>Could not be read; kept with its bytes.</source>
        <translation>Illisibles&#x202f;; conservés avec leurs octets.</translation>
    </message>
    <message>
        <source>foreign</source>
        <translation>étrangers</translation>
    </message>
    <message>
        <source>Not generated by this run.</source>
        <translation>Non produits par cette exécution.</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>perdus</translation>
    </message>
    <message>
        <source>Acknowledged by the broker and never stored: must be 0.</source>
        <translation>Acquittés par le broker et jamais stockés&#xa0;: doit être 0.</translation>
    </message>
    <message>
        <source>doubled</source>
        <translation>en double</translation>
    </message>
    <message>
        <source>Stored twice: must be 0.</source>
        <translation>Stockés deux fois&#xa0;: doit être 0.</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Flux</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Classe</translation>
    </message>
    <message>
        <source>Share of all duplicates that the filter caught before the database had to look.</source>
        <translation>Part des doublons que le filtre a interceptés avant que la base de données n’ait à chercher.</translation>
    </message>
    <message>
        <source>caught by the filter</source>
        <translation>interceptés par le filtre</translation>
    </message>
    <message>
        <source>Known to the duplicate filter: database work saved.</source>
        <translation>Connus du filtre de doublons&#xa0;: travail épargné à la base de données.</translation>
    </message>
    <message>
        <source>caught within a batch</source>
        <translation>interceptés dans un lot</translation>
    </message>
    <message>
        <source>Twice in one batch.</source>
        <translation>Deux fois dans un même lot.</translation>
    </message>
    <message>
        <source>caught by the database</source>
        <translation>interceptés par la base</translation>
    </message>
    <message>
        <source>Found by the primary key.</source>
        <translation>Trouvés par la clé primaire.</translation>
    </message>
    <message>
        <source>hit ratio</source>
        <translation>taux de réussite</translation>
    </message>
    <message>
        <source>No duplicate has come yet.</source>
        <translation>Aucun doublon n’est encore arrivé.</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>non consultés</translation>
    </message>
    <message>
        <source>Events stored without asking the filter, because it was unavailable.</source>
        <translation>Événements stockés sans consulter le filtre, car il était indisponible.</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Processor cores in use by this process.</source>
        <translation>Cœurs de processeur utilisés par ce processus.</translation>
    </message>
    <message>
        <source>Processor cores in use on the whole machine, of those there are.</source>
        <translation>Cœurs de processeur utilisés sur toute la machine, sur ceux disponibles.</translation>
    </message>
    <message>
        <source>CPU of this process</source>
        <translation>CPU de ce processus</translation>
    </message>
    <message>
        <source>CPU of the machine</source>
        <translation>CPU de la machine</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>memory of this process</source>
        <translation>mémoire de ce processus</translation>
    </message>
    <message>
        <source>memory available</source>
        <translation>mémoire disponible</translation>
    </message>
    <message>
        <source>disk written</source>
        <translation>écrit sur disque</translation>
    </message>
    <message>
        <source>network in</source>
        <translation>réseau entrant</translation>
    </message>
    <message>
        <source>network out</source>
        <translation>réseau sortant</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Premier</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Dernier</translation>
    </message>
    <message>
        <source>At</source>
        <translation>Instant</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Événement</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, dead-lettered %4; since the start.</source>
        <translation>Non envoyés %1, échoués %2, incertains %3, mis au rebut %4&#x202f;; depuis le début.</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Erreurs</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>Dernière minute</translation>
    </message>
    <message>
        <source>Stored events per second.</source>
        <translation>Événements stockés par seconde.</translation>
    </message>
    <message>
        <source>Not known: nobody consumes.</source>
        <translation>Inconnu&#xa0;: personne ne consomme.</translation>
    </message>
    <message>
        <source>Not known: somebody else&apos;s program consumes, and only its table tells of it.</source>
        <translation>Inconnu&#xa0;: un programme tiers consomme, et seule sa table en rend compte.</translation>
    </message>
</context>
<context>
    <name>app::LoadCurveChart</name>
    <message>
        <source>Planned load</source>
        <translation>Charge prévue</translation>
    </message>
    <message>
        <source>The load over time will be drawn here once the scenario is complete.</source>
        <translation>La charge au cours du temps sera tracée ici dès que le scénario sera complet.</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>chauffe</translation>
    </message>
    <message>
        <source>total</source>
        <translation>total</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>%1 autres</translation>
    </message>
</context>
<context>
    <name>app::LoadFigures</name>
    <message>
        <source>about %1</source>
        <translation>environ %1</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Événements</translation>
    </message>
    <message>
        <source>Events of all streams&apos; stages, by the schedule that will run; the warm-up&apos;s are apart.</source>
        <translation>Événements des étapes de tous les flux, selon le planning qui sera exécuté&#x202f;; ceux du préchauffage sont à part.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Préchauffage</translation>
    </message>
    <message>
        <source>Events before the stages, left out of the verdict but not of the ledger.</source>
        <translation>Événements avant les étapes, exclus du verdict mais pas du bilan.</translation>
    </message>
    <message>
        <source>Peak rate</source>
        <translation>Débit de pointe</translation>
    </message>
    <message>
        <source>The highest rate of all streams together.</source>
        <translation>Le débit le plus élevé de tous les flux réunis.</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>Of warm-up and stages; the drain comes after.</source>
        <translation>Du préchauffage et des étapes&#x202f;; la vidange vient ensuite.</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Charge utile</translation>
    </message>
    <message>
        <source>The bytes of all encoded events, uncompressed.</source>
        <translation>Les octets de tous les événements encodés, non compressés.</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disque</translation>
    </message>
    <message>
        <source>Stored rows of about 250 B each, and about 40 B each of the primary key&apos;s index.</source>
        <translation>Lignes stockées d’environ 250 B chacune, plus environ 40 B chacune pour l’index de la clé primaire.</translation>
    </message>
    <message>
        <source>Redis memory</source>
        <translation>Mémoire Redis</translation>
    </message>
    <message>
        <source>About 100 B for each id that is remembered at the same time: events within dedupe.ttl.</source>
        <translation>Environ 100 B par identifiant retenu en même temps&#xa0;: événements pendant dedupe.ttl.</translation>
    </message>
    <message>
        <source>Not known: the scenario has problems.</source>
        <translation>Inconnu&#xa0;: le scénario comporte des problèmes.</translation>
    </message>
</context>
<context>
    <name>app::LogDetails</name>
    <message>
        <source>%1 · %2 · %3 · trace %4
id %5 · processed %6</source>
        <translation>%1 · %2 · %3 · trace %4
identifiant %5 · traité %6</translation>
    </message>
    <message>
        <source>
The message goes on; the store holds all of it, and the first 65,536 characters are shown.</source>
        <translation>
Le message continue&#x202f;; le stockage le contient en entier, et les 65&#x202f;536 premiers caractères sont affichés.</translation>
    </message>
    <message>
        <source>Fields of the chosen event</source>
        <translation>Champs de l’événement choisi</translation>
    </message>
    <message>
        <source>Message of the chosen event</source>
        <translation>Message de l’événement choisi</translation>
    </message>
    <message>
        <source>Copy messa&amp;ge</source>
        <translation>Copier le messa&amp;ge</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>Copier le message</translation>
    </message>
    <message>
        <source>Copy all fields of the event</source>
        <translation>Copier tous les champs de l’événement</translation>
    </message>
    <message>
        <source>Choose an event to read all of it here.</source>
        <translation>Choisissez un événement pour le lire en entier ici.</translation>
    </message>
    <message>
        <source>due %1 · sent – · acked – · polled – · stored %2 after it was due</source>
        <translation>échéance %1 · envoyé – · acquitté – · lu – · stocké %2 après l’échéance</translation>
    </message>
    <message>
        <source>When an event was due stands in its id; when it was stored is the time that the store noted with its batch, by its own clock. When it was sent, acked and polled is counted for all events together and kept with none.</source>
        <translation>L’échéance d’un événement figure dans son identifiant&#x202f;; le moment où il a été stocké est l’heure que le stockage a notée avec son lot, selon sa propre horloge. Les moments d’envoi, d’acquittement et de lecture sont comptés pour tous les événements ensemble et ne sont conservés avec aucun.</translation>
    </message>
    <message>
        <source>Copy a&amp;ll</source>
        <translation>To&amp;ut copier</translation>
    </message>
</context>
<context>
    <name>app::LogFilterBar</name>
    <message>
        <source>Store to search</source>
        <translation>Stockage à parcourir</translation>
    </message>
    <message>
        <source>Where the events were stored: a run&apos;s own file, or the PostgreSQL of a connection.</source>
        <translation>Où les événements ont été stockés&#xa0;: le fichier propre à une exécution, ou le PostgreSQL d’une connexion.</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Names of sources as they were stored, with commas between them. Empty: all.</source>
        <translation>Noms des sources tels qu’ils ont été stockés, séparés par des virgules. Vide&#xa0;: toutes.</translation>
    </message>
    <message>
        <source>all sources</source>
        <translation>toutes les sources</translation>
    </message>
    <message>
        <source>Text in the message</source>
        <translation>Texte du message</translation>
    </message>
    <message>
        <source>Found anywhere in the message, in upper or lower case. %, _ and * stand for themselves.</source>
        <translation>Trouvé n’importe où dans le message, en majuscules ou en minuscules. %, _ et * n’ont pas de sens particulier.</translation>
    </message>
    <message>
        <source>anything</source>
        <translation>n’importe lequel</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Looks for the newest events that fit.</source>
        <translation>Recherche les événements correspondants les plus récents.</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>A&amp;rrêter</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>Arrêter la recherche</translation>
    </message>
    <message>
        <source>Ends the search; what was found stays.</source>
        <translation>Met fin à la recherche&#x202f;; ce qui a été trouvé reste.</translation>
    </message>
    <message>
        <source>Te&amp;xt</source>
        <translation>&amp;Texte</translation>
    </message>
    <message>
        <source>&amp;Clear filters</source>
        <translation>&amp;Effacer les filtres</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Effacer les filtres</translation>
    </message>
    <message>
        <source>Any source, level, time and text again.</source>
        <translation>De nouveau toutes les sources, tous les niveaux, toutes les heures et tous les textes.</translation>
    </message>
    <message>
        <source>Level %1</source>
        <translation>Niveau %1</translation>
    </message>
    <message>
        <source>Only the levels that are ticked; none ticked: all.</source>
        <translation>Seulement les niveaux cochés&#x202f;; aucun coché&#xa0;: tous.</translation>
    </message>
    <message>
        <source>Local time, compared with the time in an event&apos;s id (when it was due). Events whose id is no UUID of version 7 hold no such time: they are found without times only.</source>
        <translation>Heure locale, comparée à l’heure contenue dans l’identifiant d’un événement (son échéance). Les événements dont l’identifiant n’est pas un UUID de version 7 n’en contiennent pas&#xa0;: ils ne sont trouvés que sans heures.</translation>
    </message>
    <message>
        <source>Only from a time on</source>
        <translation>Seulement à partir d’une heure</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;À</translation>
    </message>
    <message>
        <source>Only before a time</source>
        <translation>Seulement avant une heure</translation>
    </message>
    <message>
        <source>To</source>
        <translation>À</translation>
    </message>
    <message>
        <source>Se&amp;arch</source>
        <translation>Rec&amp;hercher</translation>
    </message>
    <message>
        <source>&amp;Store</source>
        <translation>&amp;Stockage</translation>
    </message>
    <message>
        <source>So&amp;urce</source>
        <translation>S&amp;ource</translation>
    </message>
    <message>
        <source>Fr&amp;om</source>
        <translation>&amp;De</translation>
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
        <translation>Le stockage contient ici une heure qu’aucun calendrier ne connaît.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Message</translation>
    </message>
</context>
<context>
    <name>app::LogsPage</name>
    <message>
        <source>Logs</source>
        <translation>Journaux</translation>
    </message>
    <message>
        <source>Why the search failed</source>
        <translation>Pourquoi la recherche a échoué</translation>
    </message>
    <message>
        <source>Events that were found, the newest first</source>
        <translation>Événements trouvés, du plus récent au plus ancien</translation>
    </message>
    <message>
        <source>State of the search</source>
        <translation>État de la recherche</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>&amp;Plus</translation>
    </message>
    <message>
        <source>Search further back</source>
        <translation>Rechercher plus loin en arrière</translation>
    </message>
    <message>
        <source>Goes on where the search has stopped, towards older events.</source>
        <translation>Reprend la recherche là où elle s’est arrêtée, vers les événements plus anciens.</translation>
    </message>
    <message>
        <source>Events that were stored can be searched here, but there is no store yet: run a scenario, or save a connection to a PostgreSQL.</source>
        <translation>Les événements stockés peuvent être recherchés ici, mais il n’y a pas encore de stockage&#xa0;: lancez un scénario, ou enregistrez une connexion à un PostgreSQL.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Aller aux connexions</translation>
    </message>
    <message>
        <source>Events that were stored appear here, the newest first, once you search.</source>
        <translation>Les événements stockés apparaissent ici, du plus récent au plus ancien, dès que vous lancez une recherche.</translation>
    </message>
    <message>
        <source>Search now</source>
        <translation>Rechercher maintenant</translation>
    </message>
    <message>
        <source>Asking for what %1 needs to let us in…</source>
        <translation>Demande de ce que %1 exige pour se connecter…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Recherche en cours…</translation>
    </message>
    <message>
        <source>Searching further back…</source>
        <translation>Recherche plus loin en arrière…</translation>
    </message>
    <message>
        <source>Stopped. Rows shown: %1.</source>
        <translation>Arrêté. Lignes affichées&#xa0;: %1.</translation>
    </message>
    <message>
        <source>No event matches the filters.</source>
        <translation>Aucun événement stocké ne correspond.</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Effacer les filtres</translation>
    </message>
    <message>
        <source>ids without a time</source>
        <translation>identifiants sans heure</translation>
    </message>
    <message>
        <source>Rows shown: %1, which is all that this page keeps. Narrow the search, or set To to %2, for older ones.</source>
        <translation>Lignes affichées&#xa0;: %1, soit tout ce que cette page conserve. Affinez la recherche, ou réglez «&#xa0;À&#xa0;» sur %2, pour en voir de plus anciennes.</translation>
    </message>
    <message>
        <source>Rows shown: %1. There are no older ones that fit.</source>
        <translation>Lignes affichées&#xa0;: %1. Aucune plus ancienne ne correspond.</translation>
    </message>
    <message>
        <source>Rows shown: %1, back to %2. There may be more.</source>
        <translation>Lignes affichées&#xa0;: %1, jusqu’à %2. Il peut y en avoir d’autres.</translation>
    </message>
    <message>
        <source>Rows shown: %1. A million rows were looked at, back to %2; More goes on.</source>
        <translation>Lignes affichées&#xa0;: %1. Un million de lignes ont été examinées, jusqu’à %2&#x202f;; «&#xa0;Plus&#xa0;» continue.</translation>
    </message>
    <message>
        <source>Rows shown: %1. Time was up at %2; More goes on.</source>
        <translation>Lignes affichées&#xa0;: %1. Le délai a expiré à %2&#x202f;; «&#xa0;Plus&#xa0;» continue.</translation>
    </message>
    <message>
        <source>The search failed: %1</source>
        <translation>La recherche a échoué&#xa0;: %1</translation>
    </message>
    <message>
        <source>Follo&amp;w</source>
        <translation>Sui&amp;vre</translation>
    </message>
    <message>
        <source>Follow the newest events</source>
        <translation>Suivre les événements les plus récents</translation>
    </message>
    <message>
        <source>Asks again for the newest events that fit, about once a second, until it is pressed again.</source>
        <translation>Redemande les événements correspondants les plus récents, environ une fois par seconde, jusqu’à un nouvel appui.</translation>
    </message>
    <message>
        <source>Sa&amp;ve as CSV…</source>
        <translation>Enregistrer en &amp;CSV…</translation>
    </message>
    <message>
        <source>Save the events as CSV</source>
        <translation>Enregistrer les événements en CSV</translation>
    </message>
    <message>
        <source>Writes the events that are shown, with all their fields, to a file.</source>
        <translation>Écrit dans un fichier les événements affichés, avec tous leurs champs.</translation>
    </message>
    <message>
        <source>Following. Rows shown: %1, the newest that fit.</source>
        <translation>Suivi en cours. Lignes affichées&#xa0;: %1, les plus récentes qui correspondent.</translation>
    </message>
    <message>
        <source>Save the events</source>
        <translation>Enregistrer les événements</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>Tableaux CSV (*.csv)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Enregistré sous %1.</translation>
    </message>
</context>
<context>
    <name>app::MainWindow</name>
    <message>
        <source>Scenario</source>
        <translation>Scénario</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>En direct</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Journaux</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Connexions</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>A run is on</source>
        <translation>Une exécution est en cours</translation>
    </message>
    <message>
        <source>Stop the run, store what was sent, and close the window when the ledger is closed?</source>
        <translation>Arrêter l’exécution, stocker ce qui a été envoyé, et fermer la fenêtre quand le bilan sera clos&#x202f;?</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Édition</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Fichier</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Quitter</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>E&amp;xécution</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Aide</translation>
    </message>
    <message>
        <source>&amp;About Millrace</source>
        <translation>À &amp;propos de Millrace</translation>
    </message>
    <message>
        <source>About Millrace</source>
        <translation>À propos de Millrace</translation>
    </message>
    <message>
        <source>Millrace %1 load-tests log pipelines and ends every run with a verdict.

License: GNU General Public License, version 3 or later.</source>
        <translation>Millrace %1 met à l’épreuve les pipelines de journaux et conclut chaque exécution par un verdict.

Licence&#xa0;: GNU General Public License, version 3 ou ultérieure.</translation>
    </message>
    <message>
        <source>broker</source>
        <translation>broker</translation>
    </message>
    <message>
        <source>store</source>
        <translation>stockage</translation>
    </message>
    <message>
        <source>duplicate filter</source>
        <translation>filtre de doublons</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>Exécution %1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Exécution</translation>
    </message>
    <message>
        <source>&apos;%1&apos; of %2</source>
        <translation>«&#xa0;%1&#xa0;» du %2</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) were killed before their ledgers were closed. Their journals hold what was recorded.</source>
        <translation>
            <numerusform>%n exécution a été tuée avant la clôture de son bilan&#x202f;; le contenu de son journal est là.</numerusform>
            <numerusform>%n exécutions ont été tuées avant la clôture de leurs bilans&#x202f;; le contenu de leurs journaux est là.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Les afficher</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Plus tard</translation>
    </message>
    <message>
        <source>The run %1 was killed before its ledger was closed. Its journal holds what was recorded.</source>
        <translation>L’exécution %1 a été tuée avant la clôture de son bilan&#x202f;; le contenu de son journal est là.</translation>
    </message>
    <message>
        <source>Open what was recorded</source>
        <translation>Ouvrir ce qui a été enregistré</translation>
    </message>
    <message>
        <source>Finish it</source>
        <translation>La conclure</translation>
    </message>
    <message>
        <source>The run %1 can be finished when the one that is on is over.</source>
        <translation>L’exécution %1 pourra être conclue quand celle en cours sera terminée.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>The run %1 is being finished: what its broker still holds is stored.</source>
        <translation>L’exécution %1 est en train d’être conclue&#xa0;: ce que son broker détient encore est stocké.</translation>
    </message>
    <message>
        <source>The run %1 could not be finished. %2</source>
        <translation>L’exécution %1 n’a pas pu être conclue. %2</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>connection</source>
        <translation>connexion</translation>
    </message>
    <message>
        <source>&amp;Contents</source>
        <translation>&amp;Sommaire</translation>
    </message>
    <message>
        <source>A killed run is being finished. Start this one when that is over.</source>
        <translation>Une exécution tuée est en train d’être conclue. Démarrez celle-ci quand ce sera fini.</translation>
    </message>
    <message>
        <source>The run %1 is being finished with what its journal holds.</source>
        <translation>L’exécution %1 est en train d’être conclue avec ce que contient son journal.</translation>
    </message>
    <message>
        <source>%1 % – %2 on %3 – Millrace</source>
        <translation>%1 % – %2 – cible : %3 – Millrace</translation>
    </message>
    <message>
        <source>%1%2 on %3 – Millrace</source>
        <translation>%1%2 – cible : %3 – Millrace</translation>
    </message>
    <message>
        <source>Where Start sends the load</source>
        <translation>Où « Démarrer » envoie la charge</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>cible : %1</translation>
    </message>
    <message>
        <source>Start sends the load to: %1</source>
        <translation>« Démarrer » envoie la charge à : %1</translation>
    </message>
    <message>
        <source>Load on other hosts</source>
        <translation>Charge sur d’autres hôtes</translation>
    </message>
    <message>
        <source>This run sends its load to %1. Start it?</source>
        <translation>Cette exécution envoie sa charge à %1. La démarrer ?</translation>
    </message>
    <message>
        <source>This is asked once for these servers.</source>
        <translation>Cette question n’est posée qu’une fois pour ces serveurs.</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>&amp;Lancer l’exécution</translation>
    </message>
    <message>
        <source>O&amp;pen a result…</source>
        <translation>Ouvrir un rés&amp;ultat…</translation>
    </message>
    <message>
        <source>Store of this run</source>
        <translation>Stockage de cette exécution</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Affichage</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>Surveillance</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>A&amp;udit a table…</source>
        <translation>&amp;Auditer une table…</translation>
    </message>
    <message>
        <source>Broker of this run</source>
        <translation>Broker de cette exécution</translation>
    </message>
</context>
<context>
    <name>app::MarkText</name>
    <message>
        <source>warm-up</source>
        <translation>préchauffage</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>préparation</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>étapes</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>vidange</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminé</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>phase</translation>
    </message>
    <message>
        <source>burst</source>
        <translation>rafale</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>débit modifié</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>pause</translation>
    </message>
    <message>
        <source>resume</source>
        <translation>reprise</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>arrêt</translation>
    </message>
    <message>
        <source>rebalance</source>
        <translation>rééquilibrage</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>panne</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>rétablissement</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>règle enfreinte</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>avertissement</translation>
    </message>
    <message>
        <source>error</source>
        <translation>erreur</translation>
    </message>
    <message>
        <source>message</source>
        <translation>message</translation>
    </message>
    <message>
        <source>outage</source>
        <translation>panne</translation>
    </message>
</context>
<context>
    <name>app::MessageDetails</name>
    <message>
        <source>There is no payload: in a compacted topic this deletes the key.</source>
        <translation>Il n’y a pas de charge utile&#xa0;: dans un topic compacté, cela supprime la clé.</translation>
    </message>
    <message>
        <source>
… The payload goes on: it has %1, and its beginning is shown.</source>
        <translation>
… La charge utile continue&#xa0;: elle compte %1, et son début est affiché.</translation>
    </message>
    <message>
        <source>%1 · partition %2 · offset %3 · %4 · key %5</source>
        <translation>%1 · partition %2 · offset %3 · %4 · clé %5</translation>
    </message>
    <message>
        <source>no payload</source>
        <translation>pas de charge utile</translation>
    </message>
    <message>
        <source>Place, size and key of the chosen message</source>
        <translation>Emplacement, taille et clé du message choisi</translation>
    </message>
    <message>
        <source>Payload of the chosen message</source>
        <translation>Charge utile du message choisi</translation>
    </message>
    <message>
        <source>Bytes of the chosen message&apos;s payload</source>
        <translation>Octets de la charge utile du message choisi</translation>
    </message>
    <message>
        <source>Headers of the chosen message</source>
        <translation>En-têtes du message choisi</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Ways to read the chosen message</source>
        <translation>Façons de lire le message choisi</translation>
    </message>
    <message>
        <source>Formatted</source>
        <translation>Mis en forme</translation>
    </message>
    <message>
        <source>Original bytes</source>
        <translation>Octets d’origine</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>En-têtes</translation>
    </message>
    <message>
        <source>Cop&amp;y message</source>
        <translation>Copier le &amp;message</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>Copier le message</translation>
    </message>
    <message>
        <source>All of it as a line of JSON: place, time, key, headers and payload.</source>
        <translation>Tout le message sur une ligne JSON&#xa0;: emplacement, heure, clé, en-têtes et charge utile.</translation>
    </message>
    <message>
        <source>Copy &amp;key</source>
        <translation>C&amp;opier la clé</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>Copier la clé</translation>
    </message>
    <message>
        <source>As text; bytes that are no text as base64.</source>
        <translation>Sous forme de texte&#xa0;; les octets qui ne sont pas du texte, en base64.</translation>
    </message>
    <message>
        <source>Copy &amp;value</source>
        <translation>Copier la &amp;valeur</translation>
    </message>
    <message>
        <source>Copy the value</source>
        <translation>Copier la valeur</translation>
    </message>
    <message>
        <source>The payload as it is; bytes that are no text as base64.</source>
        <translation>La charge utile telle quelle&#xa0;; les octets qui ne sont pas du texte, en base64.</translation>
    </message>
    <message>
        <source>Save value…</source>
        <translation>Enregistrer la valeur…</translation>
    </message>
    <message>
        <source>Save the value to a file</source>
        <translation>Enregistrer la valeur dans un fichier</translation>
    </message>
    <message>
        <source>Writes the payload, byte by byte, to a file.</source>
        <translation>Écrit la charge utile, octet par octet, dans un fichier.</translation>
    </message>
    <message>
        <source>Headers (%1)</source>
        <translation>En-têtes (%1)</translation>
    </message>
    <message>
        <source>Choose a message to read all of it here.</source>
        <translation>Choisissez un message pour le lire en entier ici.</translation>
    </message>
</context>
<context>
    <name>app::MessageFilterBar</name>
    <message>
        <source>What is wrong with the filter</source>
        <translation>Ce qui ne va pas dans le filtre</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>The Kafka cluster of a saved connection, or that of the last run.</source>
        <translation>Le cluster Kafka d’une connexion enregistrée, ou celui de la dernière exécution.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Topic</translation>
    </message>
    <message>
        <source>The topic to read. Choose one from the list, or type its name.</source>
        <translation>Le topic à lire. Choisissez-en un dans la liste, ou saisissez son nom.</translation>
    </message>
    <message>
        <source>name of a topic</source>
        <translation>nom d’un topic</translation>
    </message>
    <message>
        <source>Name of the topic</source>
        <translation>Nom du topic</translation>
    </message>
    <message>
        <source>&amp;List topics</source>
        <translation>&amp;Lister les topics</translation>
    </message>
    <message>
        <source>List the topics</source>
        <translation>Lister les topics</translation>
    </message>
    <message>
        <source>Asks the cluster which topics there are.</source>
        <translation>Demande au cluster quels topics existent.</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partition</translation>
    </message>
    <message>
        <source>One partition alone, or all of them together, in the order of their messages&apos; times.</source>
        <translation>Une seule partition, ou toutes ensemble, dans l’ordre des heures de leurs messages.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>toutes</translation>
    </message>
    <message>
        <source>Co&amp;nnection</source>
        <translation>Co&amp;nnexion</translation>
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
        <translation>Où commencer</translation>
    </message>
    <message>
        <source>Where the reading begins. What comes after the last message is shown as it comes.</source>
        <translation>Où la lecture commence. Ce qui arrive après le dernier message est affiché au fur et à mesure.</translation>
    </message>
    <message>
        <source>what comes now</source>
        <translation>ce qui arrive maintenant</translation>
    </message>
    <message>
        <source>the oldest message</source>
        <translation>le message le plus ancien</translation>
    </message>
    <message>
        <source>the last messages</source>
        <translation>les derniers messages</translation>
    </message>
    <message>
        <source>an offset</source>
        <translation>un offset</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>une heure</translation>
    </message>
    <message>
        <source>How many of the last messages</source>
        <translation>Combien des derniers messages</translation>
    </message>
    <message>
        <source>So many of the newest messages of all partitions together.</source>
        <translation>Ce nombre de messages les plus récents, toutes partitions réunies.</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>Offset</translation>
    </message>
    <message>
        <source>An offset of the partition that is named; each partition counts its own.</source>
        <translation>Un offset de la partition indiquée&#xa0;; chaque partition compte les siens.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Local time. In each partition the first message of this time or later comes first.</source>
        <translation>Heure locale. Dans chaque partition, le premier message de cette heure ou d’une heure ultérieure vient en premier.</translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation>&amp;Commencer par</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtre</translation>
    </message>
    <message>
        <source>Only messages that fulfil all conditions, as: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Empty: all messages.</source>
        <translation>Seulement les messages qui remplissent toutes les conditions, par exemple&#xa0;: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Vide&#xa0;: tous les messages.</translation>
    </message>
    <message>
        <source>all messages, or for example: json level = ERROR and text contains &quot;timed out&quot;</source>
        <translation>tous les messages, ou par exemple&#xa0;: json level = ERROR and text contains &quot;timed out&quot;</translation>
    </message>
    <message>
        <source>Co&amp;mmitted only</source>
        <translation>Validé&amp;s seulement</translation>
    </message>
    <message>
        <source>Committed only</source>
        <translation>Validés seulement</translation>
    </message>
    <message>
        <source>Leaves out messages of transactions that were aborted or are still open.</source>
        <translation>Omet les messages des transactions abandonnées ou encore ouvertes.</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Démarrer</translation>
    </message>
    <message>
        <source>Start reading</source>
        <translation>Démarrer la lecture</translation>
    </message>
    <message>
        <source>Reads the topic anew. No group is joined and nothing is committed.</source>
        <translation>Lit le topic à nouveau. Aucun groupe n’est rejoint et rien n’est validé.</translation>
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
        <translation>Fige la liste jusqu’à un nouvel appui. Ce qui arrive entre-temps attend dans le cluster.</translation>
    </message>
    <message>
        <source>F&amp;ilter</source>
        <translation>Filtr&amp;e</translation>
    </message>
    <message>
        <source>The filter, %1</source>
        <translation>Le filtre, %1</translation>
    </message>
</context>
<context>
    <name>app::MessagesModel</name>
    <message>
        <source>no payload: it deletes its key</source>
        <translation>pas de charge utile&#xa0;: il supprime sa clé</translation>
    </message>
    <message>
        <source>When its producer created it, by that machine&apos;s clock.</source>
        <translation>Quand son producteur l’a créé, selon l’horloge de cette machine.</translation>
    </message>
    <message>
        <source>When the broker appended it to the log.</source>
        <translation>Quand le broker l’a ajouté au journal.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
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
        <translation>Clé</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Charge utile</translation>
    </message>
</context>
<context>
    <name>app::MessagesPage</name>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>Why the reading failed</source>
        <translation>Pourquoi la lecture a échoué</translation>
    </message>
    <message>
        <source>Messages, the newest last</source>
        <translation>Messages, du plus ancien au plus récent</translation>
    </message>
    <message>
        <source>State of the reading</source>
        <translation>État de la lecture</translation>
    </message>
    <message>
        <source>&amp;Older</source>
        <translation>Plus anc&amp;iens</translation>
    </message>
    <message>
        <source>Read older messages</source>
        <translation>Lire des messages plus anciens</translation>
    </message>
    <message>
        <source>The messages before the first one shown.</source>
        <translation>Les messages qui précèdent le premier affiché.</translation>
    </message>
    <message>
        <source>Ne&amp;wer</source>
        <translation>Plus &amp;récents</translation>
    </message>
    <message>
        <source>Read newer messages</source>
        <translation>Lire des messages plus récents</translation>
    </message>
    <message>
        <source>The next messages of the log; behind the last of them, what comes is shown.</source>
        <translation>Les messages suivants du journal&#xa0;; après le dernier, ce qui arrive est affiché.</translation>
    </message>
    <message>
        <source>Save as &amp;JSON lines…</source>
        <translation>Enregistrer en lignes &amp;JSON…</translation>
    </message>
    <message>
        <source>Save the messages as JSON lines</source>
        <translation>Enregistrer les messages en lignes JSON</translation>
    </message>
    <message>
        <source>Writes the messages that are shown to a file, one line of JSON each.</source>
        <translation>Écrit dans un fichier les messages affichés, une ligne JSON chacun.</translation>
    </message>
    <message>
        <source>Save the messages</source>
        <translation>Enregistrer les messages</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>Lignes JSON (*.jsonl)</translation>
    </message>
    <message>
        <source>%1 The reading goes on as soon as it answers.</source>
        <translation>%1 La lecture reprend dès que le cluster répond.</translation>
    </message>
    <message>
        <source>No message that fits has come yet. What comes is shown here.</source>
        <translation>Aucun message correspondant n’est encore arrivé. Ce qui arrive est affiché ici.</translation>
    </message>
    <message>
        <source>Show the last messages</source>
        <translation>Afficher les derniers messages</translation>
    </message>
    <message>
        <source>Asking for what the cluster needs to let us in…</source>
        <translation>Demande de ce que le cluster exige pour se connecter…</translation>
    </message>
    <message>
        <source>Looking for the place to begin…</source>
        <translation>Recherche de l’endroit où commencer…</translation>
    </message>
    <message>
        <source>The log goes on: Newer shows the next messages.</source>
        <translation>Le journal continue&#xa0;: «&#xa0;Plus récents&#xa0;» affiche les messages suivants.</translation>
    </message>
    <message>
        <source>Following what comes.</source>
        <translation>Suivi de ce qui arrive.</translation>
    </message>
    <message>
        <source>Waiting for the cluster.</source>
        <translation>En attente du cluster.</translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation>En pause.</translation>
    </message>
    <message>
        <source>Looked at: %1, match: %2, shown: %3, newest %4 ago.</source>
        <translation>Examinés&#xa0;: %1, correspondants&#xa0;: %2, affichés&#xa0;: %3, le plus récent il y a %4.</translation>
    </message>
    <message>
        <source>Skipped to keep up: %1.</source>
        <translation>Sautés pour suivre le rythme&#xa0;: %1.</translation>
    </message>
    <message>
        <source>Deleted before they were read: %1.</source>
        <translation>Supprimés avant d’avoir été lus&#xa0;: %1.</translation>
    </message>
    <message>
        <source>No more than these are kept; the oldest make room.</source>
        <translation>Pas plus que ceux-ci ne sont conservés&#xa0;; les plus anciens cèdent la place.</translation>
    </message>
    <message>
        <source>The messages of any topic can be read here, but no Kafka cluster is known yet: save a connection to one.</source>
        <translation>Les messages de n’importe quel topic peuvent être lus ici, mais aucun cluster Kafka n’est encore connu&#xa0;: enregistrez une connexion à un cluster.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Aller aux connexions</translation>
    </message>
    <message>
        <source>The messages of a topic appear here once you choose one and start. Reading leaves no trace in the cluster: no group is joined and nothing is committed.</source>
        <translation>Les messages d’un topic apparaissent ici dès que vous en choisissez un et démarrez. La lecture ne laisse aucune trace dans le cluster&#xa0;: aucun groupe n’est rejoint et rien n’est validé.</translation>
    </message>
    <message>
        <source>List the topics of this connection</source>
        <translation>Lister les topics de cette connexion</translation>
    </message>
    <message>
        <source>Save the value</source>
        <translation>Enregistrer la valeur</translation>
    </message>
    <message>
        <source>This page holds the first %1 of this value only; &apos;millraced messages --json&apos; writes all of it.</source>
        <translation>Cette page ne contient que les premiers %1 de cette valeur&#xa0;; «&#xa0;millraced messages --json&#xa0;» l’écrit en entier.</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Enregistré sous %1.</translation>
    </message>
</context>
<context>
    <name>app::MonitorPage</name>
    <message>
        <source>Monitor</source>
        <translation>Surveillance</translation>
    </message>
    <message>
        <source>What is missing</source>
        <translation>Ce qui manque</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Enregistré sous %1.</translation>
    </message>
    <message>
        <source>Cluster to watch</source>
        <translation>Cluster à surveiller</translation>
    </message>
    <message>
        <source>The Kafka of a saved connection. Watching generates no load and changes nothing.</source>
        <translation>Le Kafka d’une connexion enregistrée. La surveillance ne génère aucune charge et ne modifie rien.</translation>
    </message>
    <message>
        <source>Cl&amp;uster</source>
        <translation>Cl&amp;uster</translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation>Sur&amp;veiller</translation>
    </message>
    <message>
        <source>Asks the cluster at most five times per second.</source>
        <translation>Interroge le cluster au plus cinq fois par seconde.</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>A&amp;rrêter</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>Arrêter la surveillance</translation>
    </message>
    <message>
        <source>What was seen stays.</source>
        <translation>Ce qui a été vu reste.</translation>
    </message>
    <message>
        <source>State of the monitor</source>
        <translation>État de la surveillance</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a Kafka cluster can be watched here without any load, but there is no connection to one yet.</source>
        <translation>Les topics, les groupes de consommateurs et le retard d’un cluster Kafka peuvent être surveillés ici sans aucune charge, mais il n’y a pas encore de connexion à un cluster.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Aller aux connexions</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a cluster appear here once you watch it. It generates no load.</source>
        <translation>Les topics, les groupes de consommateurs et le retard d’un cluster apparaissent ici dès que vous le surveillez. Cela ne génère aucune charge.</translation>
    </message>
    <message>
        <source>Watch it now</source>
        <translation>Le surveiller maintenant</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>Connexion à %1…</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>périmé, %1</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>surveillance</translation>
    </message>
    <message>
        <source>Alarms broken: %1</source>
        <translation>Alarmes déclenchées&#xa0;: %1</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>connexion en cours</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>nouvelle tentative</translation>
    </message>
</context>
<context>
    <name>app::PercentileChart</name>
    <message>
        <source>percentile</source>
        <translation>percentile</translation>
    </message>
    <message>
        <source>from the due time (s)</source>
        <translation>depuis l’échéance (s)</translation>
    </message>
    <message>
        <source>from the actual send (s)</source>
        <translation>depuis l’envoi réel (s)</translation>
    </message>
</context>
<context>
    <name>app::PhaseText</name>
    <message>
        <source>getting ready</source>
        <translation>préparation</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>préchauffage</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>étapes</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>étape %1</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>vidange</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminé</translation>
    </message>
    <message>
        <source>paused in %1</source>
        <translation>en pause (%1)</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1, encore %2</translation>
    </message>
</context>
<context>
    <name>app::ProblemText</name>
    <message>
        <source>stream %1</source>
        <translation>flux %1</translation>
    </message>
    <message>
        <source>stream &quot;%1&quot;</source>
        <translation>flux «&#xa0;%1&#xa0;»</translation>
    </message>
    <message>
        <source>rule %1</source>
        <translation>règle %1</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>étape %1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Ligne %1&#xa0;: %2</translation>
    </message>
</context>
<context>
    <name>app::ReportPage</name>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>&amp;HTML, un seul fichier…</translation>
    </message>
    <message>
        <source>&amp;PDF…</source>
        <translation>&amp;PDF…</translation>
    </message>
    <message>
        <source>Charts as P&amp;NG…</source>
        <translation>Graphiques en P&amp;NG…</translation>
    </message>
    <message>
        <source>Charts as &amp;SVG…</source>
        <translation>Graphiques en &amp;SVG…</translation>
    </message>
    <message>
        <source>Tables and charts as &amp;CSV…</source>
        <translation>Tableaux et graphiques en &amp;CSV…</translation>
    </message>
    <message>
        <source>The result as &amp;JSON…</source>
        <translation>Le résultat en &amp;JSON…</translation>
    </message>
    <message>
        <source>J&amp;Unit XML…</source>
        <translation>XML J&amp;Unit…</translation>
    </message>
    <message>
        <source>HdrHistogram &amp;files…</source>
        <translation>&amp;Fichiers HdrHistogram…</translation>
    </message>
    <message>
        <source>&amp;Open a result…</source>
        <translation>&amp;Ouvrir un résultat…</translation>
    </message>
    <message>
        <source>&amp;Compare…</source>
        <translation>&amp;Comparer…</translation>
    </message>
    <message>
        <source>Chooses runs to compare with this one.</source>
        <translation>Choisit des exécutions à comparer avec celle-ci.</translation>
    </message>
    <message>
        <source>The report of a run appears here when it has ended: its verdict, what was measured, and why.</source>
        <translation>Le rapport d’une exécution apparaît ici quand elle est terminée&#xa0;: son verdict, ce qui a été mesuré, et pourquoi.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Choisir un scénario</translation>
    </message>
    <message>
        <source>Open a result</source>
        <translation>Ouvrir un résultat</translation>
    </message>
    <message>
        <source>Results (result.json)</source>
        <translation>Résultats (result.json)</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>Dossier pour les fichiers</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Enregistré sous %1.</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>Résumé en &amp;Markdown…</translation>
    </message>
    <message>
        <source>Copy s&amp;ummary</source>
        <translation>Copier le rés&amp;umé</translation>
    </message>
    <message>
        <source>Copies verdict, rules, ledger and latencies as Markdown, for a ticket or a pull request.</source>
        <translation>Copie verdict, règles, bilan et latences en Markdown, pour un ticket ou une demande de fusion.</translation>
    </message>
    <message>
        <source>The summary is in the clipboard.</source>
        <translation>Le résumé est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>&amp;Exporter</translation>
    </message>
</context>
<context>
    <name>app::ReportView</name>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Afficher en &amp;tableau</translation>
    </message>
    <message>
        <source>Scenario of the run</source>
        <translation>Scénario de l’exécution</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>Percentiles des latences de bout en bout</translation>
    </message>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>Histogramme des latences de bout en bout</translation>
    </message>
</context>
<context>
    <name>app::RuleForm</name>
    <message>
        <source>Figure</source>
        <translation>Chiffre</translation>
    </message>
    <message>
        <source>What the rule is about.</source>
        <translation>Ce sur quoi porte la règle.</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Classe</translation>
    </message>
    <message>
        <source>Of which tier&apos;s events; nothing: of all.</source>
        <translation>Des événements de quelle classe&#x202f;; rien&#xa0;: de toutes.</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>Statistique</translation>
    </message>
    <message>
        <source>Of all latencies: the value that so many per cent do not exceed, the mean or the highest.</source>
        <translation>De toutes les latences&#xa0;: la valeur que tant de pour cent ne dépassent pas, la moyenne ou le maximum.</translation>
    </message>
    <message>
        <source>In every</source>
        <translation>Par tranche de</translation>
    </message>
    <message>
        <source>A length such as 10s, in every part of which the rule must hold; nothing: in the whole run.</source>
        <translation>Une durée telle que 10s&#xa0;: la règle doit être respectée dans chaque fenêtre de cette durée&#x202f;; rien&#xa0;: dans toute l’exécution.</translation>
    </message>
    <message>
        <source>Must be</source>
        <translation>Doit être</translation>
    </message>
    <message>
        <source>How it compares.</source>
        <translation>Comment comparer.</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>A duration such as 45ms, a rate such as 1000/s, a share such as 99% of target, or a count.</source>
        <translation>Une durée telle que 45ms, un débit tel que 1000/s, une part telle que 99% of target, ou un nombre.</translation>
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
        <translation>Règle</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Actuel</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Limite</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>Marge</translation>
    </message>
    <message>
        <source>Broken since</source>
        <translation>Enfreinte depuis</translation>
    </message>
    <message>
        <source>The worst window so far, from the first event on.</source>
        <translation>La pire fenêtre jusqu’ici, depuis le premier événement.</translation>
    </message>
    <message>
        <source>So far, from the first event on: what the verdict would say now.</source>
        <translation>Jusqu’ici, depuis le premier événement&#xa0;: ce que dirait le verdict maintenant.</translation>
    </message>
    <message numerus="yes">
        <source>✗ %n rule(s) broken</source>
        <translation>
            <numerusform>✗ %n règle enfreinte</numerusform>
            <numerusform>✗ %n règles enfreintes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::RunCharts</name>
    <message>
        <source>Rates</source>
        <translation>Débits</translation>
    </message>
    <message>
        <source>/s</source>
        <comment>events per second</comment>
        <translation>/s</translation>
    </message>
    <message>
        <source>events</source>
        <translation>événements</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>prévus</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>envoyés</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>acquittés</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>stockés</translation>
    </message>
    <message>
        <source>backlog</source>
        <translation>retard</translation>
    </message>
    <message>
        <source>End-to-end latency</source>
        <translation>Latence de bout en bout</translation>
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
        <translation>Latence au cours du temps</translation>
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
        <translation>A&amp;rrêter</translation>
    </message>
    <message>
        <source>Ends the load, stores what was sent and closes the ledger (Shift+F5)</source>
        <translation>Met fin à la charge, stocke ce qui a été envoyé et clôt le bilan (Maj+F5)</translation>
    </message>
    <message>
        <source>&amp;Burst now</source>
        <translation>Rafale &amp;maintenant</translation>
    </message>
    <message>
        <source>Adds a stream of this rate for so many seconds (Ctrl+B)</source>
        <translation>Ajoute un flux de ce débit pendant ce nombre de secondes (Ctrl+B)</translation>
    </message>
    <message>
        <source>Rate of the burst, in events per second</source>
        <translation>Débit de la rafale, en événements par seconde</translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Length of the burst, in seconds</source>
        <translation>Durée de la rafale, en secondes</translation>
    </message>
    <message>
        <source>Rate of all streams together, in events per second</source>
        <translation>Débit de tous les flux réunis, en événements par seconde</translation>
    </message>
    <message>
        <source>All streams change in proportion and keep the new rate until the end of the run.</source>
        <translation>Tous les flux changent en proportion et gardent le nouveau débit jusqu’à la fin de l’exécution.</translation>
    </message>
    <message>
        <source>Goes on with the load (F6)</source>
        <translation>Reprend la charge (F6)</translation>
    </message>
    <message>
        <source>Holds the load; due times move (F6)</source>
        <translation>Suspend la charge&#x202f;; les échéances sont décalées (F6)</translation>
    </message>
    <message>
        <source>Refused: %1.</source>
        <translation>Refusé&#xa0;: %1.</translation>
    </message>
    <message>
        <source>R&amp;ate</source>
        <translation>Dé&amp;bit</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>Repre&amp;ndre</translation>
    </message>
</context>
<context>
    <name>app::RunListModel</name>
    <message>
        <source>damaged</source>
        <translation>endommagé</translation>
    </message>
    <message>
        <source>of a newer Millrace</source>
        <translation>d’un Millrace plus récent</translation>
    </message>
    <message>
        <source>killed</source>
        <translation>tué</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>réussi</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>lost or doubled</source>
        <translation>perdus ou en double</translation>
    </message>
    <message>
        <source>invalid</source>
        <translation>non valable</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>injoignable</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>interrompu</translation>
    </message>
    <message>
        <source>internal error</source>
        <translation>erreur interne</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>référence</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Début</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Stockés</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>Bout en bout p99</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>not finished</source>
        <translation>non conclue</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (broker intégré)</translation>
    </message>
</context>
<context>
    <name>app::RunTrend</name>
    <message>
        <source>Trend</source>
        <translation>Tendance</translation>
    </message>
    <message>
        <source>Trend of &apos;%1&apos;</source>
        <translation>Tendance de «&#xa0;%1&#xa0;»</translation>
    </message>
    <message>
        <source>The p99, stored rate and verdict of &apos;%1&apos; will be drawn here from run to run, once there are two.</source>
        <translation>Le p99, le débit de stockage et le verdict de «&#xa0;%1&#xa0;» seront tracés ici d’une exécution à l’autre, dès qu’il y en aura deux.</translation>
    </message>
    <message>
        <source>end-to-end p99</source>
        <translation>p99 de bout en bout</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker)</source>
        <translation>p99 de bout en bout (broker intégré)</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>stockés</translation>
    </message>
    <message>
        <source>%1: %2 runs, of which %3 passed and %4 ran on the embedded broker. The newest has an end-to-end p99 of %5, the oldest of %6.</source>
        <translation>%1&#xa0;: %2 exécutions, dont %3 réussies et %4 avec le broker intégré. La plus récente a un p99 de bout en bout de %5, la plus ancienne de %6.</translation>
    </message>
    <message>
        <source>run</source>
        <translation>exécution</translation>
    </message>
    <message>
        <source>days before the newest run</source>
        <translation>jours avant l’exécution la plus récente</translation>
    </message>
    <message>
        <source>end-to-end p99 (s)</source>
        <translation>p99 de bout en bout (s)</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker) (s)</source>
        <translation>p99 de bout en bout (broker intégré) (s)</translation>
    </message>
    <message>
        <source>stored (/s)</source>
        <translation>stockés (/s)</translation>
    </message>
    <message>
        <source>passed: 1, else 0</source>
        <translation>réussi&#xa0;: 1, sinon 0</translation>
    </message>
</context>
<context>
    <name>app::SavedConnections</name>
    <message>
        <source>embedded</source>
        <translation>intégré</translation>
    </message>
    <message>
        <source>Broker: %1
Store: %2
Duplicate filter: %3</source>
        <translation>Broker&#xa0;: %1
Stockage&#xa0;: %2
Filtre de doublons&#xa0;: %3</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>en mémoire</translation>
    </message>
    <message>
        <source>The saved connections in %1 cannot be read: %2</source>
        <translation>Les connexions enregistrées dans %1 ne peuvent pas être lues&#xa0;: %2</translation>
    </message>
    <message>
        <source>The file of saved connections %1 is damaged: %2</source>
        <translation>Le fichier des connexions enregistrées %1 est endommagé&#xa0;: %2</translation>
    </message>
    <message>
        <source>A connection in %1 is left out: %2</source>
        <translation>Une connexion de %1 est ignorée&#xa0;: %2</translation>
    </message>
    <message>
        <source>The connections could not be saved to %1: %2</source>
        <translation>Les connexions n’ont pas pu être enregistrées dans %1&#xa0;: %2</translation>
    </message>
</context>
<context>
    <name>app::ScenarioDocument</name>
    <message>
        <source>New scenario</source>
        <translation>Nouveau scénario</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>%1 ne peut pas être lu.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 ne peut pas être écrit&#xa0;: %2.</translation>
    </message>
    <message>
        <source>%1 was changed by another program.</source>
        <translation>%1 a été modifié par un autre programme.</translation>
    </message>
</context>
<context>
    <name>app::ScenarioField</name>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (par défaut)</translation>
    </message>
</context>
<context>
    <name>app::ScenarioFiles</name>
    <message>
        <source>Scenarios (*.yaml *.yml)</source>
        <translation>Scénarios (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>&amp;Ready-made scenarios</source>
        <translation>Scénarios &amp;prêts à l’emploi</translation>
    </message>
    <message>
        <source>Recent &amp;files</source>
        <translation>Fichiers ré&amp;cents</translation>
    </message>
    <message>
        <source>&amp;New scenario</source>
        <translation>&amp;Nouveau scénario</translation>
    </message>
    <message>
        <source>&amp;Open scenario…</source>
        <translation>&amp;Ouvrir un scénario…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Enregistrer</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Enregistrer &amp;sous…</translation>
    </message>
    <message>
        <source>Open a scenario</source>
        <translation>Ouvrir un scénario</translation>
    </message>
    <message>
        <source>Save the scenario</source>
        <translation>Enregistrer le scénario</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Modifications non enregistrées</translation>
    </message>
    <message>
        <source>Save the changes of %1?</source>
        <translation>Enregistrer les modifications de %1&#x202f;?</translation>
    </message>
    <message>
        <source>None is installed</source>
        <translation>Aucun n’est installé</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Aucun pour l’instant</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Abandonner</translation>
    </message>
</context>
<context>
    <name>app::ScenarioForm</name>
    <message>
        <source>Form of the scenario</source>
        <translation>Formulaire du scénario</translation>
    </message>
    <message>
        <source>&amp;Load</source>
        <translation>C&amp;harge</translation>
    </message>
    <message>
        <source>R&amp;ules</source>
        <translation>Règ&amp;les</translation>
    </message>
    <message>
        <source>&amp;Pipeline</source>
        <translation>&amp;Pipeline</translation>
    </message>
    <message>
        <source>&amp;Target</source>
        <translation>Ci&amp;ble</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Flux</translation>
    </message>
    <message>
        <source>Stages of the chosen stream</source>
        <translation>Étapes du flux choisi</translation>
    </message>
    <message>
        <source>&amp;Streams</source>
        <translation>Fl&amp;ux</translation>
    </message>
    <message>
        <source>Sta&amp;ges of the chosen stream</source>
        <translation>É&amp;tapes du flux choisi</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Règles</translation>
    </message>
    <message>
        <source>What must hold for the verdict &apos;passed&apos;.</source>
        <translation>Ce qui doit être respecté pour le verdict «&#xa0;passed&#xa0;».</translation>
    </message>
    <message>
        <source>Kafka</source>
        <translation>Kafka</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>Consommateur</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Filtre de doublons</translation>
    </message>
    <message>
        <source>E&amp;vents</source>
        <translation>É&amp;vénements</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Flux</translation>
    </message>
    <message>
        <source>The stream whose events these fields shape.</source>
        <translation>Le flux dont ces champs définissent les événements.</translation>
    </message>
</context>
<context>
    <name>app::ScenarioPage</name>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Annuler</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Rétablir</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>&amp;Lancer l’exécution</translation>
    </message>
    <message>
        <source>a new scenario</source>
        <translation>un nouveau scénario</translation>
    </message>
    <message>
        <source>The program ended before the changes of %1 were saved.</source>
        <translation>Le programme s’est terminé avant que les modifications de %1 soient enregistrées.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Les restaurer</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Les abandonner</translation>
    </message>
    <message>
        <source>Another program has changed %1.</source>
        <translation>Un autre programme a modifié %1.</translation>
    </message>
    <message>
        <source>Load the file</source>
        <translation>Charger le fichier</translation>
    </message>
    <message>
        <source>Write this text into it</source>
        <translation>Y écrire ce texte</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>Décider plus tard</translation>
    </message>
    <message>
        <source>Start the run (%1)</source>
        <translation>Lancer l’exécution (%1)</translation>
    </message>
    <message>
        <source>A run is on. The next one can start when it is over.</source>
        <translation>Une exécution est en cours. La suivante pourra démarrer quand elle sera terminée.</translation>
    </message>
    <message>
        <source>The scenario has a problem: %1</source>
        <translation>Le scénario comporte un problème&#xa0;: %1</translation>
    </message>
</context>
<context>
    <name>app::ScenarioText</name>
    <message>
        <source>The file is longer than 1 MiB, which no scenario is.</source>
        <translation>Le fichier dépasse 1 MiB, ce qu’aucun scénario ne fait.</translation>
    </message>
    <message>
        <source>The file is not a text in UTF-8.</source>
        <translation>Le fichier n’est pas un texte en UTF-8.</translation>
    </message>
</context>
<context>
    <name>app::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Thème</translation>
    </message>
    <message>
        <source>Whether the window is light or dark. Reports and pictures follow it.</source>
        <translation>Indique si la fenêtre est claire ou sombre. Les rapports et les images suivent ce choix.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Langue</translation>
    </message>
    <message>
        <source>The language of the window. Scenarios, results and logs stay as they are.</source>
        <translation>La langue de la fenêtre. Les scénarios, résultats et journaux restent tels quels.</translation>
    </message>
    <message>
        <source>The language changes when Millrace is started again.</source>
        <translation>La langue changera au prochain démarrage de Millrace.</translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation>Taill&amp;es</translation>
    </message>
    <message>
        <source>How sizes are written in the window. Scenario files always use powers of two: KiB, MiB.</source>
        <translation>Comment les tailles sont écrites dans la fenêtre. Les fichiers de scénario utilisent toujours les puissances de deux&#xa0;: KiB, MiB.</translation>
    </message>
    <message>
        <source>Powers of two (%1)</source>
        <translation>Puissances de deux (%1)</translation>
    </message>
    <message>
        <source>Powers of ten (%1)</source>
        <translation>Puissances de dix (%1)</translation>
    </message>
    <message>
        <source>How often the figures of a run are refreshed. It changes what is drawn, never what is measured.</source>
        <translation>Fréquence de rafraîchissement des chiffres d’une exécution. Elle change ce qui est dessiné, jamais ce qui est mesuré.</translation>
    </message>
    <message numerus="yes">
        <source>%n times a second</source>
        <translation>
            <numerusform>%n fois par seconde</numerusform>
            <numerusform>%n fois par seconde</numerusform>
        </translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>Dossier des résultats</translation>
    </message>
    <message>
        <source>Each run leaves a folder of its own in here. Empty: the usual place.</source>
        <translation>Chaque exécution y laisse son propre dossier. Vide&#xa0;: l’emplacement habituel.</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Parcourir…</translation>
    </message>
    <message>
        <source>Browse for the results folder</source>
        <translation>Parcourir pour trouver le dossier des résultats</translation>
    </message>
    <message>
        <source>Choose the results folder</source>
        <translation>Choisir le dossier des résultats</translation>
    </message>
    <message>
        <source>The results folder needs its whole path, as /home/me/runs.</source>
        <translation>Le dossier des résultats doit être donné avec son chemin complet, par exemple /home/me/runs.</translation>
    </message>
    <message>
        <source>&amp;Answer over HTTP while a run is on, at</source>
        <translation>&amp;Répondre par HTTP pendant un essai, à</translation>
    </message>
    <message>
        <source>For Prometheus, dashboards and scripts. Nobody but this machine can ask there, unless an address of its network and a token are given.</source>
        <translation>Pour Prometheus, les tableaux de bord et les scripts. Seule cette machine peut y accéder, sauf si une adresse de son réseau et un jeton sont donnés.</translation>
    </message>
    <message>
        <source>Address and port for HTTP</source>
        <translation>Adresse et port pour HTTP</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>Métriques</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Comme le système</translation>
    </message>
    <message>
        <source>Li&amp;ve refresh</source>
        <translation>Rafraîchissement en &amp;direct</translation>
    </message>
    <message>
        <source>Results f&amp;older</source>
        <translation>D&amp;ossier des résultats</translation>
    </message>
</context>
<context>
    <name>app::SideBar</name>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
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
        <translation>%1 pendant %2</translation>
    </message>
    <message>
        <source>to %1 in %2</source>
        <translation>vers %1 en %2</translation>
    </message>
    <message>
        <source>pause %1</source>
        <translation>pause %1</translation>
    </message>
    <message>
        <source>spike to %1 in %2</source>
        <translation>pointe à %1 en %2</translation>
    </message>
    <message>
        <source>%1 to %2 in %3 steps of %4</source>
        <translation>de %1 à %2 en %3 marches de %4</translation>
    </message>
    <message>
        <source>%1 ± %2 for %3</source>
        <translation>%1 ± %2 pendant %3</translation>
    </message>
</context>
<context>
    <name>app::StatusStrip</name>
    <message>
        <source>steady</source>
        <translation>stable</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>croît de %1</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>se résorbe&#xa0;: vide dans %1</translation>
    </message>
    <message>
        <source>Phase of the run</source>
        <translation>Phase de l’exécution</translation>
    </message>
    <message>
        <source>Progress of the load</source>
        <translation>Progression de la charge</translation>
    </message>
    <message>
        <source>Rates: target, sent, stored</source>
        <translation>Débits&#xa0;: cible, envoyés, stockés</translation>
    </message>
    <message>
        <source>End-to-end latency of the last ten seconds</source>
        <translation>Latence de bout en bout des dix dernières secondes</translation>
    </message>
    <message>
        <source>Lost and doubled events</source>
        <translation>Événements perdus et en double</translation>
    </message>
    <message>
        <source>What is nearest to its limit</source>
        <translation>Ce qui est le plus proche de sa limite</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1&#xa0;: %2</translation>
    </message>
    <message>
        <source>Events per second over the last two seconds: as planned, handed to the broker&apos;s client, and committed in the store.</source>
        <translation>Événements par seconde sur les deux dernières secondes&#xa0;: prévus, remis au client du broker, et validés dans le stockage.</translation>
    </message>
    <message>
        <source>No event is due yet.</source>
        <translation>Aucun événement n’est encore exigible.</translation>
    </message>
    <message>
        <source>%1 → %2 → %3</source>
        <translation>%1 → %2 → %3</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit, with the embedded broker: not Kafka&apos;s.</source>
        <translation>p99 de bout en bout des dix dernières secondes, de l’échéance à la validation, avec le broker intégré&#xa0;: pas celui de Kafka.</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit.</source>
        <translation>p99 de bout en bout des dix dernières secondes, de l’échéance à la validation.</translation>
    </message>
    <message>
        <source>The rule&apos;s limit stands behind it.</source>
        <translation>La limite de la règle figure derrière.</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (broker intégré)</translation>
    </message>
    <message>
        <source>No event is unsent, failed, in doubt or forgotten by the broker so far. Lost and doubled are known when the ledger is closed.</source>
        <translation>Jusqu’ici, aucun événement n’est non envoyé, échoué, incertain ou oublié par le broker. Les perdus et les doubles sont connus quand le bilan est clos.</translation>
    </message>
    <message>
        <source>%1 events missing</source>
        <translation>%1 événements manquants</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, forgotten by the broker %4.</source>
        <translation>Non envoyés %1, échoués %2, incertains %3, oubliés par le broker %4.</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>Rien n’est encore mesuré.</translation>
    </message>
    <message>
        <source>CPU %1</source>
        <translation>CPU %1</translation>
    </message>
    <message>
        <source>The processors of this machine are nearest to their limit.</source>
        <translation>Les processeurs de cette machine sont les plus proches de leur limite.</translation>
    </message>
    <message>
        <source>generator %1</source>
        <translation>générateur %1</translation>
    </message>
    <message>
        <source>How late the generator&apos;s own threads wake up, at p99, as a share of the 10 ms beyond which a run is invalid.</source>
        <translation>Le retard de réveil des threads du générateur lui-même, à p99, en proportion des 10 ms au-delà desquelles une exécution n’est plus valable.</translation>
    </message>
    <message>
        <source>Health of the broker</source>
        <translation>État du broker</translation>
    </message>
    <message>
        <source>Health of the store</source>
        <translation>État du stockage</translation>
    </message>
    <message>
        <source>Health of the duplicate filter</source>
        <translation>État du filtre de doublons</translation>
    </message>
    <message>
        <source>Health of Millrace itself</source>
        <translation>État de Millrace lui-même</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>Où va l’exécution</translation>
    </message>
    <message>
        <source>Events that wait to be stored</source>
        <translation>Événements en attente de stockage</translation>
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
        <translation>cible : %1</translation>
    </message>
    <message>
        <source>The load goes to: %1</source>
        <translation>La charge va à : %1</translation>
    </message>
    <message>
        <source>Events that are sent and not stored yet: %1 that the broker has not acknowledged, and %2 that the store has not committed.</source>
        <translation>Événements envoyés et pas encore stockés : %1 que le broker n’a pas acquittés, et %2 que le stockage n’a pas validés.</translation>
    </message>
    <message>
        <source>waiting %1 %2</source>
        <translation>en attente %1 %2</translation>
    </message>
    <message>
        <source>Rules that are broken</source>
        <translation>Règles enfreintes</translation>
    </message>
    <message>
        <source>p99 (10 s) %1</source>
        <translation>p99 (10 s) %1</translation>
    </message>
    <message>
        <source>p99 (10 s) %1, limit %2</source>
        <translation>p99 (10 s) %1, limite %2</translation>
    </message>
    <message>
        <source>nothing missing</source>
        <translation>rien ne manque</translation>
    </message>
</context>
<context>
    <name>app::StreamsPanel</name>
    <message>
        <source>Figures of each tier</source>
        <translation>Chiffres de chaque classe</translation>
    </message>
    <message>
        <source>Figures of each stream</source>
        <translation>Chiffres de chaque flux</translation>
    </message>
    <message>
        <source>Figures of the last five to ten seconds. Choose a stream to see the charts of it alone.</source>
        <translation>Chiffres des cinq à dix dernières secondes. Choisissez un flux pour ne voir que ses graphiques.</translation>
    </message>
</context>
<context>
    <name>app::TargetChooser</name>
    <message>
        <source>answers</source>
        <translation>répond</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>ne répond pas</translation>
    </message>
    <message>
        <source> in %1 ms</source>
        <translation> en %1 ms</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Tester</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>Où va l’exécution</translation>
    </message>
    <message>
        <source>Embedded needs no server. A saved connection wins over what the scenario says and leaves its text as it is.</source>
        <translation>«&#xa0;Intégré&#xa0;» ne demande aucun serveur. Une connexion enregistrée l’emporte sur ce que dit le scénario et laisse son texte tel quel.</translation>
    </message>
    <message>
        <source>Test the target</source>
        <translation>Tester la cible</translation>
    </message>
    <message>
        <source>Asks each server and shows its answer and its round trip.</source>
        <translation>Interroge chaque serveur et affiche sa réponse et son aller-retour.</translation>
    </message>
    <message>
        <source>From the environment, else embedded</source>
        <translation>Selon l’environnement, sinon intégré</translation>
    </message>
    <message>
        <source>Embedded: no server is needed</source>
        <translation>Intégré&#xa0;: aucun serveur nécessaire</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Serveurs</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Interrogation…</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT, several with commas between them.</source>
        <translation>embedded, ou HOST:PORT, plusieurs séparés par des virgules.</translation>
    </message>
    <message>
        <source>from the environment, else embedded</source>
        <translation>selon l’environnement, sinon intégré</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Stockage</translation>
    </message>
    <message>
        <source>embedded, sqlite:FILE or postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. A password is never written out.</source>
        <translation>embedded, sqlite:FILE ou postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. Un mot de passe n’est jamais écrit en toutes lettres.</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Filtre de doublons</translation>
    </message>
    <message>
        <source>memory or redis://HOST:PORT.</source>
        <translation>memory ou redis://HOST:PORT.</translation>
    </message>
    <message>
        <source>from the environment, else memory</source>
        <translation>selon l’environnement, sinon en mémoire</translation>
    </message>
    <message>
        <source>an address that cannot be read</source>
        <translation>une adresse illisible</translation>
    </message>
    <message>
        <source>servers of its own</source>
        <translation>ses propres serveurs</translation>
    </message>
    <message>
        <source>The scenario&apos;s text says: %1. The connection chosen here wins.</source>
        <translation>Le texte du scénario dit : %1. La connexion choisie ici l’emporte.</translation>
    </message>
</context>
<context>
    <name>app::TargetText</name>
    <message>
        <source>embedded</source>
        <translation>intégré</translation>
    </message>
    <message>
        <source>embedded broker, %1</source>
        <translation>broker intégré, %1</translation>
    </message>
</context>
<context>
    <name>app::TextPane</name>
    <message>
        <source>Problems of the scenario</source>
        <translation>Problèmes du scénario</translation>
    </message>
    <message>
        <source>What keeps this scenario from running. Enter or a click leads to the place.</source>
        <translation>Ce qui empêche ce scénario de s’exécuter. Entrée ou un clic mène à l’endroit.</translation>
    </message>
</context>
<context>
    <name>app::TimeChart</name>
    <message>
        <source>%1 %2: %3 at the median second, highest %4 at %5.</source>
        <translation>%1 %2&#xa0;: %3 à la seconde médiane, au plus %4 à %5.</translation>
    </message>
    <message>
        <source>time (s)</source>
        <translation>temps (s)</translation>
    </message>
</context>
<context>
    <name>app::ValueText</name>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 ne peut pas être lu&#xa0;: %2.</translation>
    </message>
</context>
<context>
    <name>app::YamlCompletion</name>
    <message>
        <source>What can stand here</source>
        <translation>Ce qui peut figurer ici</translation>
    </message>
</context>
<context>
    <name>app::YamlEditor</name>
    <message>
        <source>Text of the scenario</source>
        <translation>Texte du scénario</translation>
    </message>
    <message>
        <source>The scenario as YAML. The form beside it shows each change, and the other way round. Ctrl+Space offers what can stand here, Ctrl+F finds, Tab indents. Ctrl+Tab, or Esc and then Tab, leaves the text.</source>
        <translation>Le scénario en YAML. Le formulaire à côté montre chaque modification, et inversement. Ctrl+Espace propose ce qui peut figurer ici, Ctrl+F recherche, Tab indente. Ctrl+Tab, ou Échap puis Tab, quitte le texte.</translation>
    </message>
</context>
</TS>

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>app::AlarmPanel</name>
    <message>
        <source>Alarms</source>
        <translation>Alarmas</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regla</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Ahora</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>Rule to add</source>
        <translation>Regla que añadir</translation>
    </message>
    <message>
        <source>lag counts events, lag_s is the age of the first message that waits. Without a group it speaks of every one.</source>
        <translation>lag cuenta eventos; lag_s es la antigüedad del primer mensaje en espera. Sin grupo, la regla se refiere a todos.</translation>
    </message>
    <message>
        <source>Ru&amp;le</source>
        <translation>&amp;Regla</translation>
    </message>
    <message>
        <source>A&amp;dd alarm</source>
        <translation>Aña&amp;dir alarma</translation>
    </message>
    <message>
        <source>Rem&amp;ove alarm</source>
        <translation>&amp;Quitar alarma</translation>
    </message>
    <message>
        <source>This rule cannot be read: %1</source>
        <translation>No se puede leer esta regla: %1</translation>
    </message>
    <message>
        <source>✗ broken</source>
        <translation>✗ incumplida</translation>
    </message>
    <message>
        <source>✓ holds</source>
        <translation>✓ se cumple</translation>
    </message>
    <message>
        <source>– not evaluated</source>
        <translation>– sin evaluar</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>Grupo %1</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>hace %1</translation>
    </message>
</context>
<context>
    <name>app::AuditDialog</name>
    <message>
        <source>events, app.events or &quot;Events&quot;</source>
        <translation>events, app.events o &quot;Events&quot;</translation>
    </message>
    <message>
        <source>the column with the events&apos; ids</source>
        <translation>la columna con los identificadores de los eventos</translation>
    </message>
    <message>
        <source>the commit&apos;s time, where the server keeps it</source>
        <translation>la hora de la consolidación, si el servidor la guarda</translation>
    </message>
    <message>
        <source>every run in the table; or one: its folder, its id or its tag</source>
        <translation>todas las ejecuciones de la tabla; o una: su carpeta, su identificador o su etiqueta</translation>
    </message>
    <message>
        <source>What became of each run</source>
        <translation>Qué ha sido de cada ejecución</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>&amp;Guardar…</translation>
    </message>
    <message>
        <source>Audit of a table</source>
        <translation>Auditoría de una tabla</translation>
    </message>
    <message>
        <source>S&amp;tore</source>
        <translation>A&amp;lmacén</translation>
    </message>
    <message>
        <source>T&amp;able</source>
        <translation>Ta&amp;bla</translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation>&amp;Identificador</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>E&amp;xaminar…</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>E&amp;jecución</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Detenida.</translation>
    </message>
    <message>
        <source>Waiting for the password…</source>
        <translation>Esperando la contraseña…</translation>
    </message>
    <message>
        <source>Reading the table…</source>
        <translation>Leyendo la tabla…</translation>
    </message>
    <message>
        <source>%1 rows read.</source>
        <translation>%1 filas leídas.</translation>
    </message>
    <message>
        <source>%1 at %2: %3 rows, %4 of them foreign.</source>
        <translation>%1 en %2: %3 filas, de ellas %4 ajenas.</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>De&amp;tener</translation>
    </message>
    <message>
        <source>Add a &amp;connection…</source>
        <translation>Aña&amp;dir una conexión…</translation>
    </message>
    <message>
        <source>A&amp;udit</source>
        <translation>A&amp;uditar</translation>
    </message>
    <message>
        <source>An audit reads a table in a PostgreSQL; there is no connection to one yet.</source>
        <translation>Una auditoría lee una tabla de un PostgreSQL; todavía no hay ninguna conexión a uno.</translation>
    </message>
    <message>
        <source>Names a table that another consumer filled, and says what is lost, doubled, and how late.</source>
        <translation>Indique una tabla que haya llenado otro consumidor; la auditoría dice qué se ha perdido, qué está doble y con cuánto retraso.</translation>
    </message>
    <message>
        <source>Folder of the run</source>
        <translation>Carpeta de la ejecución</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Guardar el informe</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Guardado como %1.</translation>
    </message>
    <message>
        <source>Store&amp;d at</source>
        <translation>Al&amp;macenado el</translation>
    </message>
</context>
<context>
    <name>app::AuditRows</name>
    <message>
        <source>Of %1 rows.</source>
        <translation>De %1 filas.</translation>
    </message>
    <message>
        <source>No result of this run is known; name its folder.</source>
        <translation>No se conoce ningún resultado de esta ejecución; indique su carpeta.</translation>
    </message>
    <message>
        <source>Too few rows for this percentile.</source>
        <translation>Muy pocas filas para este percentil.</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>Confirmados por el bróker.</translation>
    </message>
    <message>
        <source>Events that are in the table.</source>
        <translation>Eventos que están en la tabla.</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row.</source>
        <translation>Confirmados y en ninguna fila.</translation>
    </message>
    <message>
        <source>Acknowledged, and in no row; the first ones: %1.</source>
        <translation>Confirmados y en ninguna fila; los primeros: %1.</translation>
    </message>
    <message>
        <source>It is known what was acknowledged: see &apos;Lost&apos;.</source>
        <translation>Se sabe lo que se confirmó: véase «Perdidos».</translation>
    </message>
    <message>
        <source>Numbers without a row between the first and the last seen of each stream: lost, or never sent.</source>
        <translation>Números sin fila entre el primero y el último vistos de cada flujo: perdidos o nunca enviados.</translation>
    </message>
    <message>
        <source>Rows beyond the first of their id.</source>
        <translation>Filas posteriores a la primera de su identificador.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ejecución</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>Confirmados</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Almacenados</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Perdidos</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Faltantes</translation>
    </message>
    <message>
        <source>Doubled</source>
        <translation>Dobles</translation>
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
        <translation>Todavía no hay nada que mostrar.</translation>
    </message>
    <message>
        <source>%1 as a table</source>
        <translation>%1 en forma de tabla</translation>
    </message>
    <message>
        <source>Menu of the chart %1</source>
        <translation>Menú del gráfico %1</translation>
    </message>
    <message>
        <source>Show as table, or save as a picture or as CSV</source>
        <translation>Mostrar como tabla, o guardar como imagen o como CSV</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Mostrar como &amp;tabla</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>Guardar como &amp;PNG…</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>Imágenes PNG (*.png)</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>Guardar como &amp;SVG…</translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation>Imágenes SVG (*.svg)</translation>
    </message>
    <message>
        <source>Save as &amp;CSV…</source>
        <translation>Guardar como &amp;CSV…</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>Tablas CSV (*.csv)</translation>
    </message>
    <message>
        <source>Save the chart %1</source>
        <translation>Guardar el gráfico %1</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>No se pudo escribir %1: %2.</translation>
    </message>
</context>
<context>
    <name>app::ChartTableModel</name>
    <message>
        <source>Not known: nothing happened in this interval, or there were too few values for this figure.</source>
        <translation>Desconocido: no ocurrió nada en este intervalo, o hubo muy pocos valores para esta cifra.</translation>
    </message>
</context>
<context>
    <name>app::CheckView</name>
    <message>
        <source>ok</source>
        <translation>correcto</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>advertencia</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>error</translation>
    </message>
    <message>
        <source>What each server has answered</source>
        <translation>Lo que ha respondido cada servidor</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Servidor</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Ida y vuelta</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Respuesta</translation>
    </message>
    <message>
        <source>The time of one question and its answer over a connection that stands.</source>
        <translation>El tiempo de una pregunta y su respuesta por una conexión ya establecida.</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Bróker</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Almacén</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Filtro de duplicados</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>preguntando…</translation>
    </message>
    <message>
        <source>Check SASL mechanism, SASL user and SASL password above.</source>
        <translation>Compruebe arriba el mecanismo, el usuario y la contraseña SASL.</translation>
    </message>
    <message>
        <source>check the user in the store&apos;s address, and its password above</source>
        <translation>compruebe el usuario en la dirección del almacén y, arriba, su contraseña</translation>
    </message>
    <message>
        <source>set the duplicate filter&apos;s password above</source>
        <translation>indique arriba la contraseña del filtro de duplicados</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>sin probar</translation>
    </message>
    <message>
        <source>It wants a token, and the one above is not the one that it knows.</source>
        <translation>Pide un token, y el de arriba no es el que conoce.</translation>
    </message>
</context>
<context>
    <name>app::ClusterPanel</name>
    <message>
        <source>Brokers</source>
        <translation>Brókeres</translation>
    </message>
    <message>
        <source>Groups, topics and alarms</source>
        <translation>Grupos, temas y alarmas</translation>
    </message>
    <message>
        <source>Consumer groups</source>
        <translation>Grupos de consumidores</translation>
    </message>
    <message>
        <source>&amp;Groups</source>
        <translation>&amp;Grupos</translation>
    </message>
    <message>
        <source>&amp;Topics</source>
        <translation>&amp;Temas</translation>
    </message>
    <message>
        <source>&amp;Alarms</source>
        <translation>A&amp;larmas</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>Temas</translation>
    </message>
    <message>
        <source>Browse &amp;messages</source>
        <translation>Ver &amp;mensajes</translation>
    </message>
    <message>
        <source>Shows the messages of the chosen topic.</source>
        <translation>Muestra los mensajes del tema elegido.</translation>
    </message>
    <message>
        <source>Partitions and members of the group</source>
        <translation>Particiones y miembros del grupo</translation>
    </message>
    <message>
        <source>Partitions of the group</source>
        <translation>Particiones del grupo</translation>
    </message>
    <message>
        <source>Members of the group</source>
        <translation>Miembros del grupo</translation>
    </message>
    <message>
        <source>Part&amp;itions</source>
        <translation>&amp;Particiones</translation>
    </message>
    <message>
        <source>Mem&amp;bers</source>
        <translation>Miem&amp;bros</translation>
    </message>
    <message>
        <source>Sa&amp;ve history as CSV…</source>
        <translation>Guardar historial como &amp;CSV…</translation>
    </message>
    <message>
        <source>Writes the lag of every group over time to a file.</source>
        <translation>Escribe en un archivo el retraso de cada grupo a lo largo del tiempo.</translation>
    </message>
    <message>
        <source>Choose a group to see its lag.</source>
        <translation>Elija un grupo para ver su retraso.</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>Save the history of the lag</source>
        <translation>Guardar el historial del retraso</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>Tablas CSV (*.csv)</translation>
    </message>
</context>
<context>
    <name>app::ClusterRows</name>
    <message>
        <source>No offset is committed.</source>
        <translation>No hay ningún offset consolidado.</translation>
    </message>
    <message>
        <source>The committed offset has expired: the log begins later.</source>
        <translation>El offset consolidado ha caducado: el log empieza más adelante.</translation>
    </message>
    <message>
        <source>The committed offset lies beyond the log&apos;s end.</source>
        <translation>El offset consolidado está más allá del final del log.</translation>
    </message>
    <message>
        <source>All is read: only transaction markers or compacted offsets follow.</source>
        <translation>Todo está leído: solo siguen marcas de transacción u offsets compactados.</translation>
    </message>
    <message>
        <source>At most: offsets count transaction markers or compacted messages too.</source>
        <translation>Como máximo: los offsets cuentan también las marcas de transacción o los mensajes compactados.</translation>
    </message>
    <message>
        <source>The log&apos;s end is not known.</source>
        <translation>No se conoce el final del log.</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>estable</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>crece a %1</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>vaciándose: vacío en %1</translation>
    </message>
    <message>
        <source>The group has not been asked yet.</source>
        <translation>Todavía no se ha preguntado al grupo.</translation>
    </message>
    <message>
        <source>It is not known of every partition.</source>
        <translation>No se conoce el retraso de todas las particiones.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>sin límite</translation>
    </message>
    <message>
        <source>%1 without a leader</source>
        <translation>%1 sin líder</translation>
    </message>
    <message>
        <source>%1 under-replicated</source>
        <translation>%1 subreplicadas</translation>
    </message>
    <message>
        <source>in sync</source>
        <translation>sincronizado</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Grupo</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Miembros</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>Retraso</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Antigüedad</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>Tendencia</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Notas</translation>
    </message>
    <message>
        <source>As it was %1 ago.</source>
        <translation>Tal como estaba hace %1.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>Particiones</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Réplicas</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Tasa</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Conservados</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Retention</source>
        <translation>Retención</translation>
    </message>
    <message>
        <source>Cleanup</source>
        <translation>Limpieza</translation>
    </message>
    <message>
        <source>The size in bytes is not available with this librdkafka.</source>
        <translation>El tamaño en bytes no está disponible con este librdkafka.</translation>
    </message>
    <message>
        <source>Offsets between the log&apos;s begin and its end.</source>
        <translation>Offsets entre el principio del log y su final.</translation>
    </message>
    <message>
        <source>It is not known yet.</source>
        <translation>Todavía no se conoce.</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partición</translation>
    </message>
    <message>
        <source>Committed</source>
        <translation>Consolidado</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Fin</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>Miembro</translation>
    </message>
    <message>
        <source>Within %1, from when the log&apos;s end passed there.</source>
        <translation>Con un margen de %1, según cuándo pasó por ahí el final del log.</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Cliente</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Equipo</translation>
    </message>
    <message>
        <source>%1 in rack %2</source>
        <translation>%1 en el rack %2</translation>
    </message>
    <message>
        <source>%1 (controller)</source>
        <translation>%1 (controlador)</translation>
    </message>
    <message>
        <source>Brokers: %1 · asking %2 times per second</source>
        <translation>Brókeres: %1 · %2 consultas por segundo</translation>
    </message>
    <message>
        <source>Lag: %1 events, age %2, %3</source>
        <translation>Retraso: %1 eventos, antigüedad %2, %3</translation>
    </message>
</context>
<context>
    <name>app::Connection</name>
    <message>
        <source>A connection needs a name.</source>
        <translation>Una conexión necesita un nombre.</translation>
    </message>
    <message>
        <source>The broker&apos;s address should look like HOST:PORT, several with commas between them.</source>
        <translation>La dirección del bróker debe tener la forma HOST:PORT; varias, separadas por comas.</translation>
    </message>
    <message>
        <source>An address must not hold a password, for it is kept in a file: write it into the field for the password.</source>
        <translation>Una dirección no debe contener ninguna contraseña, porque se guarda en un archivo: escríbala en el campo de la contraseña.</translation>
    </message>
    <message>
        <source>The store&apos;s address should look like postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE.</source>
        <translation>La dirección del almacén debe tener la forma postgresql://USER@HOST:PORT/DATABASE o sqlite:FILE.</translation>
    </message>
    <message>
        <source>The duplicate filter&apos;s address should look like redis://HOST:PORT.</source>
        <translation>La dirección del filtro de duplicados debe tener la forma redis://HOST:PORT.</translation>
    </message>
    <message>
        <source>The Kafka setting %1 is not allowed here.</source>
        <translation>El ajuste de Kafka %1 no se permite aquí.</translation>
    </message>
    <message>
        <source>Password for Kafka</source>
        <translation>Contraseña de Kafka</translation>
    </message>
    <message>
        <source>Password of the Kafka key file</source>
        <translation>Contraseña del archivo de clave de Kafka</translation>
    </message>
    <message>
        <source>Password for PostgreSQL</source>
        <translation>Contraseña de PostgreSQL</translation>
    </message>
    <message>
        <source>Password for Redis</source>
        <translation>Contraseña de Redis</translation>
    </message>
    <message>
        <source>A connection has no id.</source>
        <translation>Una conexión no tiene identificador.</translation>
    </message>
    <message>
        <source>The daemons&apos; addresses should look like HOST:PORT or dns:NAME:PORT, several with commas between them.</source>
        <translation>Las direcciones de los demonios deben tener la forma HOST:PORT o dns:NAME:PORT; varias, separadas por comas.</translation>
    </message>
    <message>
        <source>Daemons meet at real servers: the connection needs the broker&apos;s address and that of a PostgreSQL as well.</source>
        <translation>Los demonios se encuentran en servidores reales: la conexión necesita también la dirección del bróker y la de un PostgreSQL.</translation>
    </message>
    <message>
        <source>Token of the daemons</source>
        <translation>Token de los demonios</translation>
    </message>
</context>
<context>
    <name>app::ConnectionForm</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Nombre</translation>
    </message>
    <message>
        <source>As it appears wherever a target is chosen.</source>
        <translation>Tal como aparece allí donde se elige un destino.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Olvidar</translation>
    </message>
    <message>
        <source>Forget: %1</source>
        <translation>Olvidar: %1</translation>
    </message>
    <message>
        <source>Forgets the stored password when the connection is saved.</source>
        <translation>Borra la contraseña almacenada cuando se guarde la conexión.</translation>
    </message>
    <message>
        <source>Broker (Kafka)</source>
        <translation>Bróker (Kafka)</translation>
    </message>
    <message>
        <source>&amp;Broker address</source>
        <translation>Dirección del &amp;bróker</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT,…</source>
        <translation>embedded, o HOST:PORT,…</translation>
    </message>
    <message>
        <source>HOST:PORT, several with commas between them. Empty: each run brings its own broker.</source>
        <translation>HOST:PORT; varios, separados por comas. Vacío: cada ejecución trae su propio bróker.</translation>
    </message>
    <message>
        <source>Security &amp;protocol</source>
        <translation>Protocolo de segur&amp;idad</translation>
    </message>
    <message>
        <source>How to speak to the broker: in the clear or by TLS (ssl), with or without a login (sasl).</source>
        <translation>Cómo hablar con el bróker: sin cifrar o con TLS (ssl), con o sin inicio de sesión (sasl).</translation>
    </message>
    <message>
        <source>SASL &amp;mechanism</source>
        <translation>&amp;Mecanismo SASL</translation>
    </message>
    <message>
        <source>How the login is proved.</source>
        <translation>Cómo se acredita el inicio de sesión.</translation>
    </message>
    <message>
        <source>SASL &amp;user</source>
        <translation>&amp;Usuario SASL</translation>
    </message>
    <message>
        <source>The name to log in with.</source>
        <translation>El nombre con el que se inicia sesión.</translation>
    </message>
    <message>
        <source>SASL pass&amp;word</source>
        <translation>C&amp;ontraseña SASL</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file.</source>
        <translation>Se guarda en el llavero del escritorio, nunca en un archivo.</translation>
    </message>
    <message>
        <source>&amp;CA certificates</source>
        <translation>Cer&amp;tificados de CA</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the broker.</source>
        <translation>Un archivo PEM con las autoridades que pueden avalar al bróker.</translation>
    </message>
    <message>
        <source>A PEM file, where the broker wants to know us by TLS.</source>
        <translation>Un archivo PEM, si el bróker exige que el cliente se identifique por TLS.</translation>
    </message>
    <message>
        <source>Client &amp;key</source>
        <translation>Cla&amp;ve de cliente</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file.</source>
        <translation>La clave del certificado, un archivo PEM.</translation>
    </message>
    <message>
        <source>Passw&amp;ord of the key</source>
        <translation>Cont&amp;raseña de la clave</translation>
    </message>
    <message>
        <source>Further Kafka settings</source>
        <translation>Otros ajustes de Kafka</translation>
    </message>
    <message>
        <source>Settings of librdkafka that a scenario may name as well, a line each.</source>
        <translation>Ajustes de librdkafka que también puede indicar un escenario, uno por línea.</translation>
    </message>
    <message>
        <source>Store (PostgreSQL)</source>
        <translation>Almacén (PostgreSQL)</translation>
    </message>
    <message>
        <source>embedded, or postgresql://USER@HOST:PORT/DATABASE</source>
        <translation>embedded, o postgresql://USER@HOST:PORT/DATABASE</translation>
    </message>
    <message>
        <source>Without a password. sqlite:FILE is possible too. Empty: each run creates its own file.</source>
        <translation>Sin contraseña. También se admite sqlite:FILE. Vacío: cada ejecución crea su propio archivo.</translation>
    </message>
    <message>
        <source>Kept in the desktop&apos;s keychain, never in a file. Empty: PGPASSWORD or ~/.pgpass, if they are there.</source>
        <translation>Se guarda en el llavero del escritorio, nunca en un archivo. Vacío: PGPASSWORD o ~/.pgpass, si existen.</translation>
    </message>
    <message>
        <source>TLS (sslmode)</source>
        <translation>TLS (sslmode)</translation>
    </message>
    <message>
        <source>CA certificates</source>
        <translation>Certificados de CA</translation>
    </message>
    <message>
        <source>A PEM file with those who may vouch for the server.</source>
        <translation>Un archivo PEM con las autoridades que pueden avalar al servidor.</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>Certificado de cliente</translation>
    </message>
    <message>
        <source>A PEM file, where the server wants to know us by TLS.</source>
        <translation>Un archivo PEM, si el servidor exige que el cliente se identifique por TLS.</translation>
    </message>
    <message>
        <source>Client key</source>
        <translation>Clave de cliente</translation>
    </message>
    <message>
        <source>The certificate&apos;s key, a PEM file without a password.</source>
        <translation>La clave del certificado, un archivo PEM sin contraseña.</translation>
    </message>
    <message>
        <source>Duplicate filter (Redis)</source>
        <translation>Filtro de duplicados (Redis)</translation>
    </message>
    <message>
        <source>&amp;Duplicate filter&apos;s address</source>
        <translation>Dirección del &amp;filtro de duplicados</translation>
    </message>
    <message>
        <source>in memory, or redis://HOST:PORT</source>
        <translation>en memoria, o redis://HOST:PORT</translation>
    </message>
    <message>
        <source>Without a password. Empty: in memory.</source>
        <translation>Sin contraseña. Vacío: en memoria.</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Contraseña</translation>
    </message>
    <message>
        <source>kept; type to change it</source>
        <translation>guardada; escriba para cambiarla</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguna</translation>
    </message>
    <message>
        <source>Further Kafka settings are lines of the form NAME=VALUE, which this one is not: %1</source>
        <translation>Los otros ajustes de Kafka son líneas de la forma NAME=VALUE, y esta no lo es: %1</translation>
    </message>
    <message>
        <source>verify-full is the only one that is safe from somebody in between. Empty: TLS where the server offers it (prefer).</source>
        <translation>Solo verify-full protege de un intermediario. Vacío: TLS si el servidor lo ofrece (prefer).</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (predeterminado)</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Examinar…</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>Examinar: %1</translation>
    </message>
    <message>
        <source>Chooses the file.</source>
        <translation>Elige el archivo.</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.cer *.key);;All files (*)</source>
        <translation>Archivos PEM (*.pem *.crt *.cer *.key);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Further settin&amp;gs</source>
        <translation>Otro&amp;s ajustes</translation>
    </message>
    <message>
        <source>S&amp;tore address</source>
        <translation>Dirección del a&amp;lmacén</translation>
    </message>
    <message>
        <source>not kept; asked for when it is needed</source>
        <translation>no se guarda; se pide cuando haga falta</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>Demonios</translation>
    </message>
    <message>
        <source>Addresses of daemons</source>
        <translation>Direcciones de demonios</translation>
    </message>
    <message>
        <source>none, or HOST:PORT,…</source>
        <translation>ninguna, o HOST:PORT,…</translation>
    </message>
    <message>
        <source>Producers and consumers that send and store instead of this process: HOST:PORT, several with commas between them, or dns:NAME:PORT for every address of a name. Empty: none.</source>
        <translation>Productores y consumidores que envían y almacenan en lugar de este proceso: HOST:PORT; varios, separados por comas, o dns:NAME:PORT para todas las direcciones de un nombre. Vacío: ninguno.</translation>
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
        <translation>Se necesita la contraseña</translation>
    </message>
    <message>
        <source>%1 of the connection &apos;%2&apos;:</source>
        <translation>%1 de la conexión «%2»:</translation>
    </message>
    <message>
        <source>The connection &apos;%1&apos; cannot be used without its password.</source>
        <translation>La conexión «%1» no se puede usar sin su contraseña.</translation>
    </message>
</context>
<context>
    <name>app::ConnectionTest</name>
    <message>
        <source>Test connect&amp;ion</source>
        <translation>Probar la cone&amp;xión</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Probar la conexión</translation>
    </message>
    <message>
        <source>Asks each server with what the fields say, saved or not, and changes nothing on them.</source>
        <translation>Pregunta a cada servidor con lo que dicen los campos, estén guardados o no, y no cambia nada en ellos.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>Detener la prueba</translation>
    </message>
    <message>
        <source>Waits for no more answers.</source>
        <translation>Deja de esperar respuestas.</translation>
    </message>
    <message>
        <source>Daemons of the connection</source>
        <translation>Demonios de la conexión</translation>
    </message>
</context>
<context>
    <name>app::ConnectionsPage</name>
    <message>
        <source>Connections</source>
        <translation>Conexiones</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Qué está mal</translation>
    </message>
    <message>
        <source>Saved connections</source>
        <translation>Conexiones guardadas</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>Aña&amp;dir</translation>
    </message>
    <message>
        <source>Creates a new connection.</source>
        <translation>Crea una conexión nueva.</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>Co&amp;piar</translation>
    </message>
    <message>
        <source>Creates a new connection like this one; its passwords are not copied.</source>
        <translation>Crea una conexión nueva igual a esta; las contraseñas no se copian.</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>&amp;Quitar</translation>
    </message>
    <message>
        <source>Removes this connection and its passwords.</source>
        <translation>Quita esta conexión y sus contraseñas.</translation>
    </message>
    <message>
        <source>A connection names the servers that a run loads: Kafka, PostgreSQL and Redis, with how to log in. Without one, everything runs embedded in Millrace.</source>
        <translation>Una conexión indica los servidores que carga una ejecución (Kafka, PostgreSQL y Redis) y cómo iniciar sesión en ellos. Sin ninguna, todo se ejecuta integrado en Millrace.</translation>
    </message>
    <message>
        <source>Add a connection</source>
        <translation>Añadir una conexión</translation>
    </message>
    <message>
        <source>Where passwords are kept</source>
        <translation>Dónde se guardan las contraseñas</translation>
    </message>
    <message>
        <source>Fields of the connection</source>
        <translation>Campos de la conexión</translation>
    </message>
    <message>
        <source>Keeps what the fields say.</source>
        <translation>Guarda lo que dicen los campos.</translation>
    </message>
    <message>
        <source>New connection</source>
        <translation>Conexión nueva</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (copia)</translation>
    </message>
    <message>
        <source>Remove the connection?</source>
        <translation>¿Quitar la conexión?</translation>
    </message>
    <message>
        <source>Remove the connection &apos;%1&apos; and the passwords that are kept for it?</source>
        <translation>¿Quitar la conexión «%1» y las contraseñas que se guardan para ella?</translation>
    </message>
    <message>
        <source>This desktop has no keychain: passwords are kept until Millrace ends, and asked for again at the next start.</source>
        <translation>Este escritorio no tiene llavero: las contraseñas se conservan hasta que se cierra Millrace y se vuelven a pedir en el siguiente inicio.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Guardar</translation>
    </message>
</context>
<context>
    <name>app::EmptyView</name>
    <message>
        <source>Why nothing is shown</source>
        <translation>Por qué no se muestra nada</translation>
    </message>
</context>
<context>
    <name>app::FindBar</name>
    <message>
        <source>Find in the text</source>
        <translation>Buscar en el texto</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Anterior</translation>
    </message>
    <message>
        <source>The place before (%1)</source>
        <translation>El lugar anterior (%1)</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Siguiente</translation>
    </message>
    <message>
        <source>The next place (%1)</source>
        <translation>El lugar siguiente (%1)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Back to the text (Esc)</source>
        <translation>Volver al texto (Esc)</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>No se encuentra</translation>
    </message>
</context>
<context>
    <name>app::FleetRows</name>
    <message>
        <source>producer</source>
        <translation>productor</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>consumidor</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>aún sin respuesta</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>sin actualizar, %1</translation>
    </message>
    <message>
        <source>began anew</source>
        <translation>reiniciado</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>responde</translation>
    </message>
    <message>
        <source>in trouble</source>
        <translation>con problemas</translation>
    </message>
    <message>
        <source>Its clocks have not been compared with ours yet.</source>
        <translation>Sus relojes todavía no se han comparado con los nuestros.</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>By so much its wall clock is ahead of ours; known to ±%1 ms, half of the shortest round trip. It does not change a figure: instants count from the run&apos;s beginning.</source>
        <translation>Lo que adelanta su reloj respecto al nuestro; se conoce con un margen de ±%1 ms, la mitad de la ida y vuelta más corta. No cambia ninguna cifra: los instantes se cuentan desde el inicio de la ejecución.</translation>
    </message>
    <message>
        <source>Daemon</source>
        <translation>Demonio</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Enviados</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Almacenados</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Reloj</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>Only a producer sends.</source>
        <translation>Solo un productor envía.</translation>
    </message>
    <message>
        <source>Only a consumer stores.</source>
        <translation>Solo un consumidor almacena.</translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1 en %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1, y %n más</numerusform>
            <numerusform>%1, y %n más</numerusform>
        </translation>
    </message>
    <message>
        <source>takes no part</source>
        <translation>no participa</translation>
    </message>
    <message>
        <source>It has not said yet what it is.</source>
        <translation>Todavía no ha dicho qué es.</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Qué falla</translation>
    </message>
    <message>
        <source>daemon</source>
        <translation>demonio</translation>
    </message>
</context>
<context>
    <name>app::FormFields</name>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>What the run is called, 1 to 100 characters.</source>
        <translation>Cómo se llama la ejecución, de 1 a 100 caracteres.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semilla</translation>
    </message>
    <message>
        <source>The same seed gives the same events and due times.</source>
        <translation>La misma semilla produce los mismos eventos y los mismos instantes previstos.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Calentamiento</translation>
    </message>
    <message>
        <source>Load at the first stage&apos;s rate before the stages, left out of the verdict but not of the ledger.</source>
        <translation>Carga a la tasa de la primera etapa, antes de las etapas; no cuenta para el veredicto, pero sí para el balance.</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>Vaciado</translation>
    </message>
    <message>
        <source>How long the end waits for the consumer at most.</source>
        <translation>Cuánto se espera al consumidor, como máximo, al final.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Of an encoded event: 285B, or {min: 200B, max: 600B, distribution: exponential}.</source>
        <translation>De un evento codificado: 285B, o {min: 200B, max: 600B, distribution: exponential}.</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Niveles</translation>
    </message>
    <message>
        <source>Weights of the levels; they need not add up to 100.</source>
        <translation>Pesos de los niveles; no tienen que sumar 100.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Orígenes</translation>
    </message>
    <message>
        <source>Names with commas between them, equally frequent.</source>
        <translation>Nombres separados por comas, con la misma frecuencia.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clave</translation>
    </message>
    <message>
        <source>Key of the Kafka message: id, source, none, or {zipf: 1.1, keys: 10000}.</source>
        <translation>Clave del mensaje de Kafka: id, source, none o {zipf: 1.1, keys: 10000}.</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message>
        <source>generated, or {file: app.log}: the lines of a file, in order, round and round; relative to the scenario&apos;s file.</source>
        <translation>generated, o {file: app.log}: las líneas de un archivo, en orden y volviendo a empezar; la ruta es relativa al archivo del escenario.</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Duplicados</translation>
    </message>
    <message>
        <source>{ratio: 1%, within: 10s}: share of events that repeat an earlier id, and how long after it.</source>
        <translation>{ratio: 1%, within: 10s}: proporción de eventos que repiten un identificador anterior y cuánto tiempo después.</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Ilegibles</translation>
    </message>
    <message>
        <source>Share of events whose payload is broken on purpose.</source>
        <translation>Proporción de eventos cuyo contenido se daña a propósito.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Of the normal tier; the other tiers have topics of their own.</source>
        <translation>De la clase normal; las demás clases tienen sus propios temas.</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>Particiones</translation>
    </message>
    <message>
        <source>Of topics that are created.</source>
        <translation>De los temas que se creen.</translation>
    </message>
    <message>
        <source>worked out from the load</source>
        <translation>se deduce de la carga</translation>
    </message>
    <message>
        <source>Acks</source>
        <translation>Confirmaciones (acks)</translation>
    </message>
    <message>
        <source>Who has an event before it counts as acked: all, the leader (1) or nobody (0).</source>
        <translation>Quién debe tener un evento para que cuente como confirmado: todos (all), el líder (1) o nadie (0).</translation>
    </message>
    <message>
        <source>Linger</source>
        <translation>Espera (linger)</translation>
    </message>
    <message>
        <source>How long a batch of the normal tier waits to fill.</source>
        <translation>Cuánto espera un lote de la clase normal a llenarse.</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Lote</translation>
    </message>
    <message>
        <source>The largest batch of the normal tier.</source>
        <translation>El lote más grande de la clase normal.</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>Compresión</translation>
    </message>
    <message>
        <source>Of all tiers that say nothing themselves.</source>
        <translation>De todas las clases que no indiquen la suya.</translation>
    </message>
    <message>
        <source>Consumer group</source>
        <translation>Grupo de consumidores</translation>
    </message>
    <message>
        <source>Of the reference consumer.</source>
        <translation>Del consumidor de referencia.</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Trabajadores</translation>
    </message>
    <message>
        <source>1 to 64.</source>
        <translation>De 1 a 64.</translation>
    </message>
    <message>
        <source>Events in one database transaction at most, 1 to 50000.</source>
        <translation>Máximo de eventos en una transacción de la base de datos, de 1 a 50000.</translation>
    </message>
    <message>
        <source>How long a batch waits for more when nothing is at hand.</source>
        <translation>Cuánto espera un lote a recibir más eventos cuando no hay ninguno disponible.</translation>
    </message>
    <message>
        <source>Critical batch</source>
        <translation>Lote crítico</translation>
    </message>
    <message>
        <source>The critical tier&apos;s batch.</source>
        <translation>El lote de la clase crítica.</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>No procesables</translation>
    </message>
    <message>
        <source>Where unreadable events go.</source>
        <translation>Adónde van los eventos ilegibles (dead letters).</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>Tiempo de vida</translation>
    </message>
    <message>
        <source>How long an id is remembered, at least 1s.</source>
        <translation>Cuánto tiempo se recuerda un identificador, al menos 1s.</translation>
    </message>
    <message>
        <source>Prefix</source>
        <translation>Prefijo</translation>
    </message>
    <message>
        <source>Of the keys, 1 to 64 characters.</source>
        <translation>De las claves, de 1 a 64 caracteres.</translation>
    </message>
    <message>
        <source>Who consumes</source>
        <translation>Quién consume</translation>
    </message>
    <message>
        <source>Millrace with the settings below if nothing is written, none, or the table that somebody else&apos;s consumer fills: {audit: {table: events, id: id, stored_at: created_at}}.</source>
        <translation>Millrace con los ajustes de abajo si no se escribe nada; none; o la tabla que llena un consumidor ajeno: {audit: {table: events, id: id, stored_at: created_at}}.</translation>
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
        <translation>está bien</translation>
    </message>
    <message>
        <source>acknowledges nothing, %1 waiting</source>
        <translation>no confirma nada, %1 en espera</translation>
    </message>
    <message>
        <source>acknowledges %1 of %2, %3 waiting</source>
        <translation>confirma %1 de %2, %3 en espera</translation>
    </message>
    <message>
        <source>gives the consumers nothing, %1 waiting</source>
        <translation>no entrega nada a los consumidores, %1 en espera</translation>
    </message>
    <message>
        <source>does not answer, %1 waiting</source>
        <translation>no responde, %1 en espera</translation>
    </message>
    <message>
        <source>stores %1 of %2, %3 waiting</source>
        <translation>almacena %1 de %2, %3 en espera</translation>
    </message>
    <message>
        <source>is away, %1 events past the filter</source>
        <translation>no está, %1 eventos sin filtrar</translation>
    </message>
    <message>
        <source>is late, %1 events sent too late</source>
        <translation>va con retraso, %1 eventos enviados tarde</translation>
    </message>
    <message>
        <source>embedded broker</source>
        <translation>bróker integrado</translation>
    </message>
    <message>
        <source>filter in memory</source>
        <translation>filtro en memoria</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 en %2</translation>
    </message>
    <message>
        <source>%1 %2, for %3</source>
        <translation>%1 %2, desde hace %3</translation>
    </message>
</context>
<context>
    <name>app::HeatMap</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 a %2</translation>
    </message>
    <message>
        <source>%1: most events took %2, the slowest %3 at %4.</source>
        <translation>%1: la mayoría de los eventos tardaron %2; el más lento, %3, en %4.</translation>
    </message>
    <message>
        <source>from (s)</source>
        <translation>desde (s)</translation>
    </message>
    <message>
        <source>until (s)</source>
        <translation>hasta (s)</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message>
        <source>%1, most in %2: %3</source>
        <translation>%1, la mayoría en %2: %3</translation>
    </message>
</context>
<context>
    <name>app::HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>Ayuda</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documentos</translation>
    </message>
    <message>
        <source>Text of the document</source>
        <translation>Texto del documento</translation>
    </message>
</context>
<context>
    <name>app::HistogramChart</name>
    <message>
        <source>from (s)</source>
        <translation>desde (s)</translation>
    </message>
    <message>
        <source>to below (s)</source>
        <translation>hasta menos de (s)</translation>
    </message>
    <message>
        <source>from the due time (events)</source>
        <translation>desde el instante previsto (eventos)</translation>
    </message>
    <message>
        <source>from the actual send (events)</source>
        <translation>desde el envío real (eventos)</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 a %2</translation>
    </message>
</context>
<context>
    <name>app::HistoryPage</name>
    <message>
        <source>&amp;Open</source>
        <translation>A&amp;brir</translation>
    </message>
    <message>
        <source>Shows the report of the chosen run.</source>
        <translation>Muestra el informe de la ejecución elegida.</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Comparar</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>E&amp;tiquetas…</translation>
    </message>
    <message>
        <source>Words by which the chosen runs can be found again.</source>
        <translation>Palabras con las que se pueden volver a encontrar las ejecuciones elegidas.</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>Fijar como &amp;línea base</translation>
    </message>
    <message>
        <source>Other runs of this name are compared with the chosen one.</source>
        <translation>Las demás ejecuciones con este nombre se comparan con la elegida.</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>Elimi&amp;nar…</translation>
    </message>
    <message>
        <source>Deletes the folders of the chosen runs.</source>
        <translation>Elimina las carpetas de las ejecuciones elegidas.</translation>
    </message>
    <message>
        <source>Search by name, verdict or tag</source>
        <translation>Buscar por nombre, veredicto o etiqueta</translation>
    </message>
    <message>
        <source>Search the runs</source>
        <translation>Buscar en las ejecuciones</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Ejecuciones</translation>
    </message>
    <message>
        <source>Every run is kept and listed here, to be opened again and compared.</source>
        <translation>Aquí se conservan y enumeran todas las ejecuciones, para volver a abrirlas y compararlas.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Elegir un escenario</translation>
    </message>
    <message>
        <source>&amp;Back to the runs</source>
        <translation>&amp;Volver a las ejecuciones</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Etiquetas</translation>
    </message>
    <message>
        <source>Tags of the chosen runs, separated by commas:</source>
        <translation>Etiquetas de las ejecuciones elegidas, separadas por comas:</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>Eliminar ejecuciones</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s) with all their files? This cannot be undone.</source>
        <translation>
            <numerusform>¿Eliminar %n ejecución con todos sus archivos? Esta acción no se puede deshacer.</numerusform>
            <numerusform>¿Eliminar %n ejecuciones con todos sus archivos? Esta acción no se puede deshacer.</numerusform>
        </translation>
    </message>
    <message>
        <source>Fi&amp;nish</source>
        <translation>C&amp;oncluir</translation>
    </message>
    <message>
        <source>Closes the ledger of a run that was killed, and judges it: what its broker still holds is stored first. A run with the embedded broker is kept as it was recorded.</source>
        <translation>Cierra el balance de una ejecución abortada y la juzga: antes se almacena lo que su broker aún conserva. Una ejecución con el broker integrado se conserva tal como quedó registrada.</translation>
    </message>
    <message>
        <source>Where the runs are listed</source>
        <translation>De dónde se enumeran las ejecuciones</translation>
    </message>
    <message>
        <source>The results folder, or a PostgreSQL of a saved connection, which knows its runs by name.</source>
        <translation>La carpeta de resultados o un PostgreSQL de una conexión guardada, que conoce sus ejecuciones por su nombre.</translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>Carpeta de resultados</translation>
    </message>
    <message>
        <source>Asking %1 for its runs…</source>
        <translation>Preguntando a %1 por sus ejecuciones…</translation>
    </message>
    <message>
        <source>No run is known there.</source>
        <translation>Allí no se conoce ninguna ejecución.</translation>
    </message>
    <message>
        <source>Compares two to five chosen runs; the oldest one is the reference, unless one of them is the baseline. A single run is compared with the baseline of its name.</source>
        <translation>Compara de dos a cinco ejecuciones elegidas; la más antigua sirve de referencia, salvo que una de ellas sea la línea base. Una sola ejecución se compara con la línea base de su nombre.</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>Mostrar car&amp;peta</translation>
    </message>
    <message>
        <source>Opens the folder of the chosen run.</source>
        <translation>Abre la carpeta de la ejecución elegida.</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xportar</translation>
    </message>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>&amp;HTML, un archivo…</translation>
    </message>
    <message>
        <source>Figures as &amp;CSV…</source>
        <translation>Cifras como &amp;CSV…</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>Resumen en &amp;Markdown…</translation>
    </message>
    <message>
        <source>This run does not lie in the results folder, so it is not listed here.</source>
        <translation>Esta ejecución no está en la carpeta de resultados; por eso no aparece en esta lista.</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>Guardar la comparación</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Guardado como %1.</translation>
    </message>
</context>
<context>
    <name>app::ItemColumns</name>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>What rules, charts and reports call the stream.</source>
        <translation>Cómo llaman al flujo las reglas, los gráficos y los informes.</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>How the stream&apos;s events travel: critical at once, normal after a short wait, analytics in large batches.</source>
        <translation>Cómo viajan los eventos del flujo: critical, de inmediato; normal, tras una breve espera; analytics, en lotes grandes.</translation>
    </message>
    <message>
        <source>Arrival</source>
        <translation>Llegada</translation>
    </message>
    <message>
        <source>even: at equal distances; poisson: at random, with the same totals.</source>
        <translation>even: a intervalos iguales; poisson: al azar, con los mismos totales.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>When the stream begins, counted from the end of the warm-up.</source>
        <translation>Cuándo empieza el flujo, contado desde el final del calentamiento.</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Etapas</translation>
    </message>
    <message>
        <source>The stretches of the stream&apos;s load, one after the other. The table below changes them.</source>
        <translation>Los tramos de la carga del flujo, uno tras otro. Se modifican en la tabla de abajo.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>constant, ramp to a rate, pause, spike up and back, staircase, or sine.</source>
        <translation>constant (constante), ramp (rampa hasta una tasa), pause (pausa), spike (pico de ida y vuelta), staircase (escalera) o sine (seno).</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Duración</translation>
    </message>
    <message>
        <source>How long the stage takes; of a staircase, how long each step does.</source>
        <translation>Cuánto dura la etapa; en una escalera, cuánto dura cada peldaño.</translation>
    </message>
    <message>
        <source>Rate, to</source>
        <translation>Tasa, hasta</translation>
    </message>
    <message>
        <source>Events per second: the rate of a constant stage, the rate that a ramp, spike or staircase leads to, the mean of a sine.</source>
        <translation>Eventos por segundo: la tasa de una etapa constante, la tasa a la que lleva una rampa, un pico o una escalera, o la media de un seno.</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>The first step of a staircase.</source>
        <translation>El primer peldaño de una escalera.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Peldaños</translation>
    </message>
    <message>
        <source>How many steps a staircase has.</source>
        <translation>Cuántos peldaños tiene una escalera.</translation>
    </message>
    <message>
        <source>Amplitude</source>
        <translation>Amplitud</translation>
    </message>
    <message>
        <source>How far a sine swings around its mean.</source>
        <translation>Cuánto oscila un seno en torno a su media.</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Periodo</translation>
    </message>
    <message>
        <source>How long one swing of a sine takes.</source>
        <translation>Cuánto dura una oscilación de un seno.</translation>
    </message>
    <message>
        <source>Stop at once</source>
        <translation>Detener al instante</translation>
    </message>
    <message>
        <source>Whether the run stops as soon as the rule is broken.</source>
        <translation>Si la ejecución se detiene en cuanto se incumple la regla.</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regla</translation>
    </message>
    <message>
        <source>What must hold, such as: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</source>
        <translation>Lo que debe cumplirse, por ejemplo: end_to_end p99 &lt; 45ms, throughput &gt;= 99% of target, lost == 0.</translation>
    </message>
    <message>
        <source>During</source>
        <translation>Durante</translation>
    </message>
    <message>
        <source>A stream&apos;s name or warmup; nothing: the whole measured part.</source>
        <translation>El nombre de un flujo o warmup; vacío: toda la parte medida.</translation>
    </message>
    <message>
        <source>Last run</source>
        <translation>Última ejecución</translation>
    </message>
    <message>
        <source>What this rule looks at, as the last run of this scenario measured it.</source>
        <translation>Lo que examina esta regla, tal como lo midió la última ejecución de este escenario.</translation>
    </message>
</context>
<context>
    <name>app::ItemTable</name>
    <message>
        <source>Add</source>
        <translation>Añadir</translation>
    </message>
    <message>
        <source>Adds one behind the chosen one.</source>
        <translation>Añade un elemento detrás del elegido.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Adds a copy behind the chosen one.</source>
        <translation>Añade una copia detrás del elegido.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Removes the chosen one (Delete).</source>
        <translation>Quita el elegido (Supr).</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Subir</translation>
    </message>
    <message>
        <source>Moves the chosen one up (Alt+Up).</source>
        <translation>Mueve el elegido hacia arriba (Alt+Arriba).</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Bajar</translation>
    </message>
    <message>
        <source>Moves the chosen one down (Alt+Down).</source>
        <translation>Mueve el elegido hacia abajo (Alt+Abajo).</translation>
    </message>
</context>
<context>
    <name>app::KeychainSecretStore</name>
    <message>
        <source>The desktop&apos;s keychain refuses: %1</source>
        <translation>El llavero del escritorio rechaza la petición: %1</translation>
    </message>
</context>
<context>
    <name>app::LagCharts</name>
    <message>
        <source>Lag</source>
        <translation>Retraso</translation>
    </message>
    <message>
        <source>events</source>
        <translation>eventos</translation>
    </message>
    <message>
        <source>lag</source>
        <translation>retraso</translation>
    </message>
    <message>
        <source>Age of the first message that waits</source>
        <translation>Antigüedad del primer mensaje en espera</translation>
    </message>
    <message>
        <source>age</source>
        <translation>antigüedad</translation>
    </message>
    <message>
        <source>The lag of the chosen group appears here.</source>
        <translation>Aquí aparece el retraso del grupo elegido.</translation>
    </message>
</context>
<context>
    <name>app::LatencyChart</name>
    <message>
        <source>from the due time</source>
        <translation>desde el instante previsto</translation>
    </message>
    <message>
        <source>from the actual send</source>
        <translation>desde el envío real</translation>
    </message>
    <message>
        <source>p%1 %2</source>
        <translation>p%1 %2</translation>
    </message>
    <message>
        <source>highest %1</source>
        <translation>máximo %1</translation>
    </message>
    <message>
        <source>%1: %2, of %3 values.</source>
        <translation>%1: %2, de %3 valores.</translation>
    </message>
</context>
<context>
    <name>app::LevelChart</name>
    <message>
        <source>Events found by level</source>
        <translation>Eventos encontrados por nivel</translation>
    </message>
    <message>
        <source>The events that a search finds are counted here over time, by level.</source>
        <translation>Aquí se cuentan, a lo largo del tiempo y por nivel, los eventos que encuentra una búsqueda.</translation>
    </message>
    <message>
        <source>%1, from %2 on: %3.</source>
        <translation>%1, a partir de %2: %3.</translation>
    </message>
    <message>
        <source>time after %1 (s)</source>
        <translation>tiempo después de %1 (s)</translation>
    </message>
</context>
<context>
    <name>app::LiveCharts</name>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>Histograma de las latencias de extremo a extremo</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>Percentiles de las latencias de extremo a extremo</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histograma</translation>
    </message>
    <message>
        <source>Percentiles</source>
        <translation>Percentiles</translation>
    </message>
    <message>
        <source>last 10 seconds</source>
        <translation>últimos 10 segundos</translation>
    </message>
    <message>
        <source>whole run</source>
        <translation>toda la ejecución</translation>
    </message>
    <message>
        <source>Part of the run whose latencies are shown</source>
        <translation>Parte de la ejecución cuyas latencias se muestran</translation>
    </message>
    <message>
        <source>Waiting for the first events.</source>
        <translation>Esperando los primeros eventos.</translation>
    </message>
    <message>
        <source>Nothing was stored in the last 10 seconds.</source>
        <translation>No se ha almacenado nada en los últimos 10 segundos.</translation>
    </message>
</context>
<context>
    <name>app::LivePage</name>
    <message>
        <source>Rates, latencies, the backlog and the ledger of a run appear here as soon as one is started.</source>
        <translation>Las tasas, las latencias, los eventos pendientes y el balance de una ejecución aparecen aquí en cuanto se inicia una.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Elegir un escenario</translation>
    </message>
    <message>
        <source>Ledger of the run&apos;s events</source>
        <translation>Balance de los eventos de la ejecución</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>Balance</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Eventos</translation>
    </message>
    <message>
        <source>What happened, the newest first</source>
        <translation>Lo ocurrido, lo más reciente primero</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Flujos</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtro</translation>
    </message>
    <message>
        <source>What the duplicate filter caught</source>
        <translation>Lo que detectó el filtro de duplicados</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Duplicados</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>Cifra</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Equipo</translation>
    </message>
    <message>
        <source>Resources of this process and of the machine</source>
        <translation>Recursos de este proceso y de la máquina</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Errores</translation>
    </message>
    <message>
        <source>Errors and warnings by kind</source>
        <translation>Errores y advertencias por tipo</translation>
    </message>
    <message>
        <source>The run did not start.</source>
        <translation>La ejecución no ha comenzado.</translation>
    </message>
    <message>
        <source>Back to the scenario</source>
        <translation>Volver al escenario</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Reintentar</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Gráficos</translation>
    </message>
    <message>
        <source>Streams that the charts show</source>
        <translation>Flujos que muestran los gráficos</translation>
    </message>
    <message>
        <source>all streams</source>
        <translation>todos los flujos</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Reglas</translation>
    </message>
    <message>
        <source>How the rules stand</source>
        <translation>Estado de las reglas</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>Demonios</translation>
    </message>
    <message>
        <source>How the daemons of the run stand</source>
        <translation>Estado de los demonios de la ejecución</translation>
    </message>
</context>
<context>
    <name>app::LiveTables</name>
    <message>
        <source>Known when the ledger is closed, at the end of the run.</source>
        <translation>Se conoce cuando se cierra el balance, al final de la ejecución.</translation>
    </message>
    <message>
        <source>Too few events for this percentile since the last look.</source>
        <translation>Muy pocos eventos para este percentil desde la última actualización.</translation>
    </message>
    <message>
        <source>Of %1 events.</source>
        <translation>De %1 eventos.</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Objetivo</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Enviados</translation>
    </message>
    <message>
        <source>Acked</source>
        <translation>Confirmados</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Almacenados</translation>
    </message>
    <message>
        <source>Send delay p99</source>
        <translation>Retardo de envío p99</translation>
    </message>
    <message>
        <source>Ack p99</source>
        <translation>Confirmación p99</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>Extremo a extremo p99</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>planificados</translation>
    </message>
    <message>
        <source>Events that have become due so far.</source>
        <translation>Eventos que, según la planificación, ya debían haberse enviado.</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>enviados</translation>
    </message>
    <message>
        <source>Handed to the broker&apos;s client.</source>
        <translation>Entregados al cliente del bróker.</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>confirmados</translation>
    </message>
    <message>
        <source>Acknowledged by the broker.</source>
        <translation>Confirmados por el bróker.</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>en cola</translation>
    </message>
    <message>
        <source>Sent, and not yet reported on.</source>
        <translation>Enviados, sin noticias todavía.</translation>
    </message>
    <message>
        <source>unsent</source>
        <translation>no enviados</translation>
    </message>
    <message>
        <source>Could not be handed over within the tier&apos;s deadline, or before the end.</source>
        <translation>No se pudieron entregar dentro del plazo de la clase o antes del final.</translation>
    </message>
    <message>
        <source>shed</source>
        <translation>descartados</translation>
    </message>
    <message>
        <source>Events of the analytics tier that found no room for half a second and were given up.</source>
        <translation>Eventos de la clase analytics que no encontraron sitio durante medio segundo y se abandonaron.</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fallidos</translation>
    </message>
    <message>
        <source>Surely not persisted by the broker.</source>
        <translation>Con seguridad, no guardados por el bróker.</translation>
    </message>
    <message>
        <source>in doubt</source>
        <translation>en duda</translation>
    </message>
    <message>
        <source>Possibly persisted: the broker&apos;s answer was lost.</source>
        <translation>Quizá guardados: la respuesta del bróker se perdió.</translation>
    </message>
    <message>
        <source>polled</source>
        <translation>leídos</translation>
    </message>
    <message>
        <source>Read by the consumers, in committed batches.</source>
        <translation>Leídos por los consumidores, en lotes ya consolidados.</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>almacenados</translation>
    </message>
    <message>
        <source>Committed in the store.</source>
        <translation>Consolidados en el almacén.</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>duplicados</translation>
    </message>
    <message>
        <source>Came twice and was stored once.</source>
        <translation>Llegaron dos veces y se almacenaron una.</translation>
    </message>
    <message>
        <source>dead-lettered</source>
        <translation>no procesables</translation>
    </message>
    <message>
        <source>Could not be read; kept with its bytes.</source>
        <translation>No se pudieron leer; se conservan con sus bytes.</translation>
    </message>
    <message>
        <source>foreign</source>
        <translation>ajenos</translation>
    </message>
    <message>
        <source>Not generated by this run.</source>
        <translation>No generados por esta ejecución.</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>perdidos</translation>
    </message>
    <message>
        <source>Acknowledged by the broker and never stored: must be 0.</source>
        <translation>Confirmados por el bróker y nunca almacenados: debe ser 0.</translation>
    </message>
    <message>
        <source>doubled</source>
        <translation>dobles</translation>
    </message>
    <message>
        <source>Stored twice: must be 0.</source>
        <translation>Almacenados dos veces: debe ser 0.</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Flujo</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>Share of all duplicates that the filter caught before the database had to look.</source>
        <translation>Proporción de todos los duplicados que detectó el filtro antes de que la base de datos tuviera que comprobarlos.</translation>
    </message>
    <message>
        <source>caught by the filter</source>
        <translation>detectados por el filtro</translation>
    </message>
    <message>
        <source>Known to the duplicate filter: database work saved.</source>
        <translation>Conocidos por el filtro de duplicados: trabajo ahorrado a la base de datos.</translation>
    </message>
    <message>
        <source>caught within a batch</source>
        <translation>detectados dentro de un lote</translation>
    </message>
    <message>
        <source>Twice in one batch.</source>
        <translation>Dos veces en el mismo lote.</translation>
    </message>
    <message>
        <source>caught by the database</source>
        <translation>detectados por la base de datos</translation>
    </message>
    <message>
        <source>Found by the primary key.</source>
        <translation>Encontrados por la clave primaria.</translation>
    </message>
    <message>
        <source>hit ratio</source>
        <translation>tasa de aciertos</translation>
    </message>
    <message>
        <source>No duplicate has come yet.</source>
        <translation>Todavía no ha llegado ningún duplicado.</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>sin consultar</translation>
    </message>
    <message>
        <source>Events stored without asking the filter, because it was unavailable.</source>
        <translation>Eventos almacenados sin consultar el filtro, porque no estaba disponible.</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Processor cores in use by this process.</source>
        <translation>Núcleos de procesador que usa este proceso.</translation>
    </message>
    <message>
        <source>Processor cores in use on the whole machine, of those there are.</source>
        <translation>Núcleos de procesador en uso en toda la máquina, de los que hay.</translation>
    </message>
    <message>
        <source>CPU of this process</source>
        <translation>CPU de este proceso</translation>
    </message>
    <message>
        <source>CPU of the machine</source>
        <translation>CPU de la máquina</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>memory of this process</source>
        <translation>memoria de este proceso</translation>
    </message>
    <message>
        <source>memory available</source>
        <translation>memoria disponible</translation>
    </message>
    <message>
        <source>disk written</source>
        <translation>escritura en disco</translation>
    </message>
    <message>
        <source>network in</source>
        <translation>entrada de red</translation>
    </message>
    <message>
        <source>network out</source>
        <translation>salida de red</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Qué</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Veces</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Primera</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Última</translation>
    </message>
    <message>
        <source>At</source>
        <translation>Instante</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Suceso</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, dead-lettered %4; since the start.</source>
        <translation>No enviados: %1, fallidos: %2, en duda: %3, no procesables: %4; desde el inicio.</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Errores</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>Último minuto</translation>
    </message>
    <message>
        <source>Stored events per second.</source>
        <translation>Eventos almacenados por segundo.</translation>
    </message>
    <message>
        <source>Not known: nobody consumes.</source>
        <translation>Desconocido: nadie consume.</translation>
    </message>
    <message>
        <source>Not known: somebody else&apos;s program consumes, and only its table tells of it.</source>
        <translation>Desconocido: consume un programa ajeno, y solo su tabla da cuenta de ello.</translation>
    </message>
</context>
<context>
    <name>app::LoadCurveChart</name>
    <message>
        <source>Planned load</source>
        <translation>Carga planificada</translation>
    </message>
    <message>
        <source>The load over time will be drawn here once the scenario is complete.</source>
        <translation>Aquí se dibujará la carga a lo largo del tiempo cuando el escenario esté completo.</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>calentamiento</translation>
    </message>
    <message>
        <source>total</source>
        <translation>total</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>%1 más</translation>
    </message>
</context>
<context>
    <name>app::LoadFigures</name>
    <message>
        <source>about %1</source>
        <translation>unos %1</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Eventos</translation>
    </message>
    <message>
        <source>Events of all streams&apos; stages, by the schedule that will run; the warm-up&apos;s are apart.</source>
        <translation>Eventos de las etapas de todos los flujos, según la planificación que se ejecutará; los del calentamiento van aparte.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Calentamiento</translation>
    </message>
    <message>
        <source>Events before the stages, left out of the verdict but not of the ledger.</source>
        <translation>Eventos anteriores a las etapas; no cuentan para el veredicto, pero sí para el balance.</translation>
    </message>
    <message>
        <source>Peak rate</source>
        <translation>Tasa máxima</translation>
    </message>
    <message>
        <source>The highest rate of all streams together.</source>
        <translation>La tasa más alta de todos los flujos juntos.</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Duración</translation>
    </message>
    <message>
        <source>Of warm-up and stages; the drain comes after.</source>
        <translation>Del calentamiento y las etapas; el vaciado viene después.</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Contenido</translation>
    </message>
    <message>
        <source>The bytes of all encoded events, uncompressed.</source>
        <translation>Los bytes de todos los eventos codificados, sin comprimir.</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disco</translation>
    </message>
    <message>
        <source>Stored rows of about 250 B each, and about 40 B each of the primary key&apos;s index.</source>
        <translation>Filas almacenadas de unos 250 B cada una, más unos 40 B por fila del índice de la clave primaria.</translation>
    </message>
    <message>
        <source>Redis memory</source>
        <translation>Memoria de Redis</translation>
    </message>
    <message>
        <source>About 100 B for each id that is remembered at the same time: events within dedupe.ttl.</source>
        <translation>Unos 100 B por cada identificador recordado al mismo tiempo: los eventos comprendidos en dedupe.ttl.</translation>
    </message>
    <message>
        <source>Not known: the scenario has problems.</source>
        <translation>Desconocido: el escenario tiene problemas.</translation>
    </message>
</context>
<context>
    <name>app::LogDetails</name>
    <message>
        <source>%1 · %2 · %3 · trace %4
id %5 · processed %6</source>
        <translation>%1 · %2 · %3 · traza %4
id %5 · procesado %6</translation>
    </message>
    <message>
        <source>
The message goes on; the store holds all of it, and the first 65,536 characters are shown.</source>
        <translation>
El mensaje continúa; el almacén lo conserva entero, y aquí se muestran los primeros 65&#xa0;536 caracteres.</translation>
    </message>
    <message>
        <source>Fields of the chosen event</source>
        <translation>Campos del evento elegido</translation>
    </message>
    <message>
        <source>Message of the chosen event</source>
        <translation>Mensaje del evento elegido</translation>
    </message>
    <message>
        <source>Copy messa&amp;ge</source>
        <translation>Copiar el me&amp;nsaje</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>Copiar el mensaje</translation>
    </message>
    <message>
        <source>Copy all fields of the event</source>
        <translation>Copiar todos los campos del evento</translation>
    </message>
    <message>
        <source>Choose an event to read all of it here.</source>
        <translation>Elija un evento para leerlo entero aquí.</translation>
    </message>
    <message>
        <source>due %1 · sent – · acked – · polled – · stored %2 after it was due</source>
        <translation>previsto %1 · enviado – · confirmado – · leído – · almacenado %2 después del instante previsto</translation>
    </message>
    <message>
        <source>When an event was due stands in its id; when it was stored is the time that the store noted with its batch, by its own clock. When it was sent, acked and polled is counted for all events together and kept with none.</source>
        <translation>El instante previsto de un evento figura en su identificador; el momento en que se almacenó es la hora que el almacén anotó con su lote, según su propio reloj. Cuándo se envió, se confirmó y se leyó se contabiliza para todos los eventos juntos y no se guarda con ninguno.</translation>
    </message>
    <message>
        <source>Copy a&amp;ll</source>
        <translation>Copia&amp;r todo</translation>
    </message>
</context>
<context>
    <name>app::LogFilterBar</name>
    <message>
        <source>Store to search</source>
        <translation>Almacén en el que buscar</translation>
    </message>
    <message>
        <source>Where the events were stored: a run&apos;s own file, or the PostgreSQL of a connection.</source>
        <translation>Dónde se almacenaron los eventos: el archivo propio de una ejecución o el PostgreSQL de una conexión.</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Origen</translation>
    </message>
    <message>
        <source>Names of sources as they were stored, with commas between them. Empty: all.</source>
        <translation>Nombres de los orígenes tal como se almacenaron, separados por comas. Vacío: todos.</translation>
    </message>
    <message>
        <source>all sources</source>
        <translation>todos los orígenes</translation>
    </message>
    <message>
        <source>Text in the message</source>
        <translation>Texto en el mensaje</translation>
    </message>
    <message>
        <source>Found anywhere in the message, in upper or lower case. %, _ and * stand for themselves.</source>
        <translation>En cualquier lugar del mensaje, en mayúsculas o minúsculas. %, _ y * se buscan tal cual.</translation>
    </message>
    <message>
        <source>anything</source>
        <translation>cualquiera</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Looks for the newest events that fit.</source>
        <translation>Busca los eventos más recientes que coincidan.</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>De&amp;tener</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>Detener la búsqueda</translation>
    </message>
    <message>
        <source>Ends the search; what was found stays.</source>
        <translation>Termina la búsqueda; lo encontrado se queda.</translation>
    </message>
    <message>
        <source>Te&amp;xt</source>
        <translation>Te&amp;xto</translation>
    </message>
    <message>
        <source>&amp;Clear filters</source>
        <translation>&amp;Quitar filtros</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Quitar filtros</translation>
    </message>
    <message>
        <source>Any source, level, time and text again.</source>
        <translation>De nuevo cualquier origen, nivel, momento y texto.</translation>
    </message>
    <message>
        <source>Level %1</source>
        <translation>Nivel %1</translation>
    </message>
    <message>
        <source>Only the levels that are ticked; none ticked: all.</source>
        <translation>Solo los niveles marcados; si no hay ninguno marcado, todos.</translation>
    </message>
    <message>
        <source>Local time, compared with the time in an event&apos;s id (when it was due). Events whose id is no UUID of version 7 hold no such time: they are found without times only.</source>
        <translation>Hora local, comparada con la hora que contiene el identificador de un evento (cuándo estaba previsto). Los eventos cuyo identificador no es un UUID de la versión 7 no contienen esa hora: solo se encuentran sin límites de tiempo.</translation>
    </message>
    <message>
        <source>Only from a time on</source>
        <translation>Solo a partir de una hora</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;Hasta</translation>
    </message>
    <message>
        <source>Only before a time</source>
        <translation>Solo antes de una hora</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Hasta</translation>
    </message>
    <message>
        <source>Se&amp;arch</source>
        <translation>&amp;Buscar</translation>
    </message>
    <message>
        <source>&amp;Store</source>
        <translation>A&amp;lmacén</translation>
    </message>
    <message>
        <source>So&amp;urce</source>
        <translation>&amp;Origen</translation>
    </message>
    <message>
        <source>Fr&amp;om</source>
        <translation>&amp;Desde</translation>
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
        <translation>El almacén contiene aquí una hora que no existe en ningún calendario conocido.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Nivel</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Origen</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensaje</translation>
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
        <translation>Por qué falló la búsqueda</translation>
    </message>
    <message>
        <source>Events that were found, the newest first</source>
        <translation>Eventos encontrados, los más recientes primero</translation>
    </message>
    <message>
        <source>State of the search</source>
        <translation>Estado de la búsqueda</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>&amp;Más</translation>
    </message>
    <message>
        <source>Search further back</source>
        <translation>Buscar más atrás</translation>
    </message>
    <message>
        <source>Goes on where the search has stopped, towards older events.</source>
        <translation>Continúa donde se detuvo la búsqueda, hacia eventos más antiguos.</translation>
    </message>
    <message>
        <source>Events that were stored can be searched here, but there is no store yet: run a scenario, or save a connection to a PostgreSQL.</source>
        <translation>Aquí se pueden buscar los eventos almacenados, pero todavía no hay ningún almacén: ejecute un escenario o guarde una conexión a un PostgreSQL.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Ir a Conexiones</translation>
    </message>
    <message>
        <source>Events that were stored appear here, the newest first, once you search.</source>
        <translation>Los eventos almacenados aparecen aquí, los más recientes primero, cuando se hace una búsqueda.</translation>
    </message>
    <message>
        <source>Search now</source>
        <translation>Buscar ahora</translation>
    </message>
    <message>
        <source>Asking for what %1 needs to let us in…</source>
        <translation>Pidiendo lo que %1 necesita para dar acceso…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Buscando…</translation>
    </message>
    <message>
        <source>Searching further back…</source>
        <translation>Buscando más atrás…</translation>
    </message>
    <message>
        <source>Stopped. Rows shown: %1.</source>
        <translation>Detenida. Filas mostradas: %1.</translation>
    </message>
    <message>
        <source>No event matches the filters.</source>
        <translation>Ningún evento almacenado coincide.</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Quitar filtros</translation>
    </message>
    <message>
        <source>ids without a time</source>
        <translation>identificadores sin hora</translation>
    </message>
    <message>
        <source>Rows shown: %1, which is all that this page keeps. Narrow the search, or set To to %2, for older ones.</source>
        <translation>Filas mostradas: %1, el máximo que conserva esta página. Para ver más antiguas, acote la búsqueda o ponga Hasta en %2.</translation>
    </message>
    <message>
        <source>Rows shown: %1. There are no older ones that fit.</source>
        <translation>Filas mostradas: %1. No hay más antiguas que coincidan.</translation>
    </message>
    <message>
        <source>Rows shown: %1, back to %2. There may be more.</source>
        <translation>Filas mostradas: %1, hasta %2. Puede haber más.</translation>
    </message>
    <message>
        <source>Rows shown: %1. A million rows were looked at, back to %2; More goes on.</source>
        <translation>Filas mostradas: %1. Se ha examinado un millón de filas, hasta %2; Más continúa la búsqueda.</translation>
    </message>
    <message>
        <source>Rows shown: %1. Time was up at %2; More goes on.</source>
        <translation>Filas mostradas: %1. El tiempo se agotó en %2; Más continúa la búsqueda.</translation>
    </message>
    <message>
        <source>The search failed: %1</source>
        <translation>La búsqueda ha fallado: %1</translation>
    </message>
    <message>
        <source>Follo&amp;w</source>
        <translation>Se&amp;guir</translation>
    </message>
    <message>
        <source>Follow the newest events</source>
        <translation>Seguir los eventos más recientes</translation>
    </message>
    <message>
        <source>Asks again for the newest events that fit, about once a second, until it is pressed again.</source>
        <translation>Vuelve a pedir los eventos más recientes que coincidan, aproximadamente una vez por segundo, hasta que se pulse de nuevo.</translation>
    </message>
    <message>
        <source>Sa&amp;ve as CSV…</source>
        <translation>Guardar como &amp;CSV…</translation>
    </message>
    <message>
        <source>Save the events as CSV</source>
        <translation>Guardar los eventos como CSV</translation>
    </message>
    <message>
        <source>Writes the events that are shown, with all their fields, to a file.</source>
        <translation>Escribe en un archivo los eventos mostrados, con todos sus campos.</translation>
    </message>
    <message>
        <source>Following. Rows shown: %1, the newest that fit.</source>
        <translation>Siguiendo. Filas mostradas: %1, las más recientes que coinciden.</translation>
    </message>
    <message>
        <source>Save the events</source>
        <translation>Guardar los eventos</translation>
    </message>
    <message>
        <source>CSV tables (*.csv)</source>
        <translation>Tablas CSV (*.csv)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Guardado como %1.</translation>
    </message>
</context>
<context>
    <name>app::MainWindow</name>
    <message>
        <source>Scenario</source>
        <translation>Escenario</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>En vivo</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Conexiones</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>A run is on</source>
        <translation>Hay una ejecución en curso</translation>
    </message>
    <message>
        <source>Stop the run, store what was sent, and close the window when the ledger is closed?</source>
        <translation>¿Detener la ejecución, almacenar lo enviado y cerrar la ventana cuando se cierre el balance?</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Editar</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Archivo</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Salir</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>E&amp;jecución</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;yuda</translation>
    </message>
    <message>
        <source>&amp;About Millrace</source>
        <translation>&amp;Acerca de Millrace</translation>
    </message>
    <message>
        <source>About Millrace</source>
        <translation>Acerca de Millrace</translation>
    </message>
    <message>
        <source>Millrace %1 load-tests log pipelines and ends every run with a verdict.

License: GNU General Public License, version 3 or later.</source>
        <translation>Millrace %1 somete a pruebas de carga canalizaciones de logs y termina cada ejecución con un veredicto.

Licencia: Licencia Pública General de GNU, versión 3 o posterior.</translation>
    </message>
    <message>
        <source>broker</source>
        <translation>bróker</translation>
    </message>
    <message>
        <source>store</source>
        <translation>almacén</translation>
    </message>
    <message>
        <source>duplicate filter</source>
        <translation>filtro de duplicados</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>Ejecución %1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ejecución</translation>
    </message>
    <message>
        <source>&apos;%1&apos; of %2</source>
        <translation>«%1» del %2</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) were killed before their ledgers were closed. Their journals hold what was recorded.</source>
        <translation>
            <numerusform>%n ejecución fue abortada antes de cerrarse su balance; lo que contiene su diario sigue ahí.</numerusform>
            <numerusform>%n ejecuciones fueron abortadas antes de cerrarse sus balances; lo que contienen sus diarios sigue ahí.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Mostrarlas</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Más tarde</translation>
    </message>
    <message>
        <source>The run %1 was killed before its ledger was closed. Its journal holds what was recorded.</source>
        <translation>La ejecución %1 fue abortada antes de cerrarse su balance; lo que contiene su diario sigue ahí.</translation>
    </message>
    <message>
        <source>Open what was recorded</source>
        <translation>Abrir lo registrado</translation>
    </message>
    <message>
        <source>Finish it</source>
        <translation>Concluirla</translation>
    </message>
    <message>
        <source>The run %1 can be finished when the one that is on is over.</source>
        <translation>La ejecución %1 se podrá concluir cuando termine la que está en curso.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>The run %1 is being finished: what its broker still holds is stored.</source>
        <translation>La ejecución %1 se está concluyendo: se almacena lo que su broker aún conserva.</translation>
    </message>
    <message>
        <source>The run %1 could not be finished. %2</source>
        <translation>No se pudo concluir la ejecución %1. %2</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Reintentar</translation>
    </message>
    <message>
        <source>connection</source>
        <translation>conexión</translation>
    </message>
    <message>
        <source>&amp;Contents</source>
        <translation>&amp;Contenido</translation>
    </message>
    <message>
        <source>A killed run is being finished. Start this one when that is over.</source>
        <translation>Se está concluyendo una ejecución abortada. Inicie esta cuando haya terminado.</translation>
    </message>
    <message>
        <source>The run %1 is being finished with what its journal holds.</source>
        <translation>La ejecución %1 se está concluyendo con lo que contiene su diario.</translation>
    </message>
    <message>
        <source>%1 % – %2 on %3 – Millrace</source>
        <translation>%1 % – %2 – destino: %3 – Millrace</translation>
    </message>
    <message>
        <source>%1%2 on %3 – Millrace</source>
        <translation>%1%2 – destino: %3 – Millrace</translation>
    </message>
    <message>
        <source>Where Start sends the load</source>
        <translation>Adónde envía la carga «Iniciar»</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>destino: %1</translation>
    </message>
    <message>
        <source>Start sends the load to: %1</source>
        <translation>«Iniciar» envía la carga a: %1</translation>
    </message>
    <message>
        <source>Load on other hosts</source>
        <translation>Carga en otros equipos</translation>
    </message>
    <message>
        <source>This run sends its load to %1. Start it?</source>
        <translation>Esta ejecución envía su carga a %1. ¿Iniciarla?</translation>
    </message>
    <message>
        <source>This is asked once for these servers.</source>
        <translation>Esto se pregunta una sola vez para estos servidores.</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>&amp;Iniciar la ejecución</translation>
    </message>
    <message>
        <source>O&amp;pen a result…</source>
        <translation>Abrir un res&amp;ultado…</translation>
    </message>
    <message>
        <source>Store of this run</source>
        <translation>Almacén de esta ejecución</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ver</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>Monitor</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message>
        <source>A&amp;udit a table…</source>
        <translation>Au&amp;ditar una tabla…</translation>
    </message>
    <message>
        <source>Broker of this run</source>
        <translation>Bróker de esta ejecución</translation>
    </message>
</context>
<context>
    <name>app::MarkText</name>
    <message>
        <source>warm-up</source>
        <translation>calentamiento</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>preparación</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>etapas</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>vaciado</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminada</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>fase</translation>
    </message>
    <message>
        <source>burst</source>
        <translation>ráfaga</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>tasa cambiada</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>pausa</translation>
    </message>
    <message>
        <source>resume</source>
        <translation>reanudación</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>detención</translation>
    </message>
    <message>
        <source>rebalance</source>
        <translation>reequilibrio</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>fallo</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>recuperación</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>regla incumplida</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>advertencia</translation>
    </message>
    <message>
        <source>error</source>
        <translation>error</translation>
    </message>
    <message>
        <source>message</source>
        <translation>mensaje</translation>
    </message>
    <message>
        <source>outage</source>
        <translation>interrupción</translation>
    </message>
</context>
<context>
    <name>app::MessageDetails</name>
    <message>
        <source>There is no payload: in a compacted topic this deletes the key.</source>
        <translation>No hay contenido: en un tema compactado, esto borra la clave.</translation>
    </message>
    <message>
        <source>
… The payload goes on: it has %1, and its beginning is shown.</source>
        <translation>
… El contenido continúa: ocupa %1, y aquí se muestra su principio.</translation>
    </message>
    <message>
        <source>%1 · partition %2 · offset %3 · %4 · key %5</source>
        <translation>%1 · partición %2 · offset %3 · %4 · clave %5</translation>
    </message>
    <message>
        <source>no payload</source>
        <translation>sin contenido</translation>
    </message>
    <message>
        <source>Place, size and key of the chosen message</source>
        <translation>Lugar, tamaño y clave del mensaje elegido</translation>
    </message>
    <message>
        <source>Payload of the chosen message</source>
        <translation>Contenido del mensaje elegido</translation>
    </message>
    <message>
        <source>Bytes of the chosen message&apos;s payload</source>
        <translation>Bytes del contenido del mensaje elegido</translation>
    </message>
    <message>
        <source>Headers of the chosen message</source>
        <translation>Cabeceras del mensaje elegido</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Ways to read the chosen message</source>
        <translation>Formas de leer el mensaje elegido</translation>
    </message>
    <message>
        <source>Formatted</source>
        <translation>Con formato</translation>
    </message>
    <message>
        <source>Original bytes</source>
        <translation>Bytes originales</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Cabeceras</translation>
    </message>
    <message>
        <source>Cop&amp;y message</source>
        <translation>Copiar &amp;mensaje</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>Copiar el mensaje</translation>
    </message>
    <message>
        <source>All of it as a line of JSON: place, time, key, headers and payload.</source>
        <translation>El mensaje entero como una línea JSON: lugar, hora, clave, cabeceras y contenido.</translation>
    </message>
    <message>
        <source>Copy &amp;key</source>
        <translation>Copiar cla&amp;ve</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>Copiar la clave</translation>
    </message>
    <message>
        <source>As text; bytes that are no text as base64.</source>
        <translation>Como texto; los bytes que no son texto, como base64.</translation>
    </message>
    <message>
        <source>Copy &amp;value</source>
        <translation>Copiar val&amp;or</translation>
    </message>
    <message>
        <source>Copy the value</source>
        <translation>Copiar el valor</translation>
    </message>
    <message>
        <source>The payload as it is; bytes that are no text as base64.</source>
        <translation>El contenido tal cual; los bytes que no son texto, como base64.</translation>
    </message>
    <message>
        <source>Save value…</source>
        <translation>Guardar valor…</translation>
    </message>
    <message>
        <source>Save the value to a file</source>
        <translation>Guardar el valor en un archivo</translation>
    </message>
    <message>
        <source>Writes the payload, byte by byte, to a file.</source>
        <translation>Escribe el contenido, byte a byte, en un archivo.</translation>
    </message>
    <message>
        <source>Headers (%1)</source>
        <translation>Cabeceras (%1)</translation>
    </message>
    <message>
        <source>Choose a message to read all of it here.</source>
        <translation>Elija un mensaje para leerlo entero aquí.</translation>
    </message>
</context>
<context>
    <name>app::MessageFilterBar</name>
    <message>
        <source>What is wrong with the filter</source>
        <translation>Qué está mal en el filtro</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Conexión</translation>
    </message>
    <message>
        <source>The Kafka cluster of a saved connection, or that of the last run.</source>
        <translation>El clúster de Kafka de una conexión guardada o el de la última ejecución.</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>The topic to read. Choose one from the list, or type its name.</source>
        <translation>El tema que se lee. Elija uno de la lista o escriba su nombre.</translation>
    </message>
    <message>
        <source>name of a topic</source>
        <translation>nombre de un tema</translation>
    </message>
    <message>
        <source>Name of the topic</source>
        <translation>Nombre del tema</translation>
    </message>
    <message>
        <source>&amp;List topics</source>
        <translation>&amp;Listar temas</translation>
    </message>
    <message>
        <source>List the topics</source>
        <translation>Listar los temas</translation>
    </message>
    <message>
        <source>Asks the cluster which topics there are.</source>
        <translation>Pregunta al clúster qué temas hay.</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partición</translation>
    </message>
    <message>
        <source>One partition alone, or all of them together, in the order of their messages&apos; times.</source>
        <translation>Una sola partición, o todas juntas, por orden de la hora de sus mensajes.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>todas</translation>
    </message>
    <message>
        <source>Co&amp;nnection</source>
        <translation>Co&amp;nexión</translation>
    </message>
    <message>
        <source>&amp;Topic</source>
        <translation>&amp;Tema</translation>
    </message>
    <message>
        <source>&amp;Partition</source>
        <translation>&amp;Partición</translation>
    </message>
    <message>
        <source>Where to begin</source>
        <translation>Dónde empezar</translation>
    </message>
    <message>
        <source>Where the reading begins. What comes after the last message is shown as it comes.</source>
        <translation>Dónde empieza la lectura. Lo que llega después del último mensaje se muestra según va llegando.</translation>
    </message>
    <message>
        <source>what comes now</source>
        <translation>lo que llegue ahora</translation>
    </message>
    <message>
        <source>the oldest message</source>
        <translation>el mensaje más antiguo</translation>
    </message>
    <message>
        <source>the last messages</source>
        <translation>los últimos mensajes</translation>
    </message>
    <message>
        <source>an offset</source>
        <translation>un offset</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>una hora</translation>
    </message>
    <message>
        <source>How many of the last messages</source>
        <translation>Cuántos de los últimos mensajes</translation>
    </message>
    <message>
        <source>So many of the newest messages of all partitions together.</source>
        <translation>Esta cantidad de los mensajes más recientes de todas las particiones juntas.</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>Offset</translation>
    </message>
    <message>
        <source>An offset of the partition that is named; each partition counts its own.</source>
        <translation>Un offset de la partición indicada; cada partición cuenta los suyos.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>Local time. In each partition the first message of this time or later comes first.</source>
        <translation>Hora local. En cada partición va primero el primer mensaje de esta hora o posterior.</translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation>Empezar &amp;con</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtro</translation>
    </message>
    <message>
        <source>Only messages that fulfil all conditions, as: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Empty: all messages.</source>
        <translation>Solo los mensajes que cumplen todas las condiciones, por ejemplo: key = order-17 and header source = web and json user.age &gt;= 18 and text contains &quot;payment failed&quot;. Vacío: todos los mensajes.</translation>
    </message>
    <message>
        <source>all messages, or for example: json level = ERROR and text contains &quot;timed out&quot;</source>
        <translation>todos los mensajes o, por ejemplo: json level = ERROR and text contains &quot;timed out&quot;</translation>
    </message>
    <message>
        <source>Co&amp;mmitted only</source>
        <translation>Solo consolida&amp;dos</translation>
    </message>
    <message>
        <source>Committed only</source>
        <translation>Solo consolidados</translation>
    </message>
    <message>
        <source>Leaves out messages of transactions that were aborted or are still open.</source>
        <translation>Omite los mensajes de transacciones que se abortaron o siguen abiertas.</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Iniciar</translation>
    </message>
    <message>
        <source>Start reading</source>
        <translation>Iniciar la lectura</translation>
    </message>
    <message>
        <source>Reads the topic anew. No group is joined and nothing is committed.</source>
        <translation>Lee el tema de nuevo. No se une a ningún grupo ni se consolida nada.</translation>
    </message>
    <message>
        <source>P&amp;ause</source>
        <translation>Pa&amp;usar</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausar</translation>
    </message>
    <message>
        <source>Holds the list still, until it is pressed again. What comes meanwhile waits in the cluster.</source>
        <translation>Mantiene quieta la lista hasta que se pulse de nuevo. Lo que llegue mientras tanto espera en el clúster.</translation>
    </message>
    <message>
        <source>F&amp;ilter</source>
        <translation>&amp;Filtro</translation>
    </message>
    <message>
        <source>The filter, %1</source>
        <translation>El filtro, %1</translation>
    </message>
</context>
<context>
    <name>app::MessagesModel</name>
    <message>
        <source>no payload: it deletes its key</source>
        <translation>sin contenido: borra su clave</translation>
    </message>
    <message>
        <source>When its producer created it, by that machine&apos;s clock.</source>
        <translation>Cuándo lo creó su productor, según el reloj de ese equipo.</translation>
    </message>
    <message>
        <source>When the broker appended it to the log.</source>
        <translation>Cuándo lo añadió el bróker al log.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partición</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>Offset</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clave</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Contenido</translation>
    </message>
</context>
<context>
    <name>app::MessagesPage</name>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message>
        <source>Why the reading failed</source>
        <translation>Por qué falló la lectura</translation>
    </message>
    <message>
        <source>Messages, the newest last</source>
        <translation>Mensajes, los más recientes al final</translation>
    </message>
    <message>
        <source>State of the reading</source>
        <translation>Estado de la lectura</translation>
    </message>
    <message>
        <source>&amp;Older</source>
        <translation>Más anti&amp;guos</translation>
    </message>
    <message>
        <source>Read older messages</source>
        <translation>Leer mensajes más antiguos</translation>
    </message>
    <message>
        <source>The messages before the first one shown.</source>
        <translation>Los mensajes anteriores al primero que se muestra.</translation>
    </message>
    <message>
        <source>Ne&amp;wer</source>
        <translation>Más &amp;recientes</translation>
    </message>
    <message>
        <source>Read newer messages</source>
        <translation>Leer mensajes más recientes</translation>
    </message>
    <message>
        <source>The next messages of the log; behind the last of them, what comes is shown.</source>
        <translation>Los siguientes mensajes del log; después del último, se muestra lo que va llegando.</translation>
    </message>
    <message>
        <source>Save as &amp;JSON lines…</source>
        <translation>Guardar como líneas J&amp;SON…</translation>
    </message>
    <message>
        <source>Save the messages as JSON lines</source>
        <translation>Guardar los mensajes como líneas JSON</translation>
    </message>
    <message>
        <source>Writes the messages that are shown to a file, one line of JSON each.</source>
        <translation>Escribe en un archivo los mensajes mostrados, una línea JSON cada uno.</translation>
    </message>
    <message>
        <source>Save the messages</source>
        <translation>Guardar los mensajes</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>Líneas JSON (*.jsonl)</translation>
    </message>
    <message>
        <source>%1 The reading goes on as soon as it answers.</source>
        <translation>%1 La lectura continúa en cuanto el clúster responda.</translation>
    </message>
    <message>
        <source>No message that fits has come yet. What comes is shown here.</source>
        <translation>Todavía no ha llegado ningún mensaje que coincida. Lo que llegue se muestra aquí.</translation>
    </message>
    <message>
        <source>Show the last messages</source>
        <translation>Mostrar los últimos mensajes</translation>
    </message>
    <message>
        <source>Asking for what the cluster needs to let us in…</source>
        <translation>Pidiendo lo que el clúster necesita para dar acceso…</translation>
    </message>
    <message>
        <source>Looking for the place to begin…</source>
        <translation>Buscando el lugar donde empezar…</translation>
    </message>
    <message>
        <source>The log goes on: Newer shows the next messages.</source>
        <translation>El log continúa: Más recientes muestra los siguientes mensajes.</translation>
    </message>
    <message>
        <source>Following what comes.</source>
        <translation>Siguiendo lo que llega.</translation>
    </message>
    <message>
        <source>Waiting for the cluster.</source>
        <translation>Esperando al clúster.</translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation>En pausa.</translation>
    </message>
    <message>
        <source>Looked at: %1, match: %2, shown: %3, newest %4 ago.</source>
        <translation>Examinados: %1, coinciden: %2, mostrados: %3, el más reciente hace %4.</translation>
    </message>
    <message>
        <source>Skipped to keep up: %1.</source>
        <translation>Omitidos para mantener el ritmo: %1.</translation>
    </message>
    <message>
        <source>Deleted before they were read: %1.</source>
        <translation>Borrados antes de leerlos: %1.</translation>
    </message>
    <message>
        <source>No more than these are kept; the oldest make room.</source>
        <translation>No se conservan más que estos; los más antiguos dejan sitio.</translation>
    </message>
    <message>
        <source>The messages of any topic can be read here, but no Kafka cluster is known yet: save a connection to one.</source>
        <translation>Aquí se pueden leer los mensajes de cualquier tema, pero todavía no se conoce ningún clúster de Kafka: guarde una conexión a uno.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Ir a Conexiones</translation>
    </message>
    <message>
        <source>The messages of a topic appear here once you choose one and start. Reading leaves no trace in the cluster: no group is joined and nothing is committed.</source>
        <translation>Los mensajes de un tema aparecen aquí cuando se elige uno y se inicia la lectura. Leer no deja rastro en el clúster: no se une a ningún grupo ni se consolida nada.</translation>
    </message>
    <message>
        <source>List the topics of this connection</source>
        <translation>Listar los temas de esta conexión</translation>
    </message>
    <message>
        <source>Save the value</source>
        <translation>Guardar el valor</translation>
    </message>
    <message>
        <source>This page holds the first %1 of this value only; &apos;millraced messages --json&apos; writes all of it.</source>
        <translation>Esta página solo contiene los primeros %1 de este valor; «millraced messages --json» lo escribe entero.</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Guardado como %1.</translation>
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
        <translation>Qué falta</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Guardado como %1.</translation>
    </message>
    <message>
        <source>Cluster to watch</source>
        <translation>Clúster que se vigila</translation>
    </message>
    <message>
        <source>The Kafka of a saved connection. Watching generates no load and changes nothing.</source>
        <translation>El Kafka de una conexión guardada. La vigilancia no genera carga ni cambia nada.</translation>
    </message>
    <message>
        <source>Cl&amp;uster</source>
        <translation>Clú&amp;ster</translation>
    </message>
    <message>
        <source>&amp;Watch</source>
        <translation>&amp;Vigilar</translation>
    </message>
    <message>
        <source>Asks the cluster at most five times per second.</source>
        <translation>Pregunta al clúster como máximo cinco veces por segundo.</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>Dete&amp;ner</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>Detener la vigilancia</translation>
    </message>
    <message>
        <source>What was seen stays.</source>
        <translation>Lo visto se queda.</translation>
    </message>
    <message>
        <source>State of the monitor</source>
        <translation>Estado del monitor</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a Kafka cluster can be watched here without any load, but there is no connection to one yet.</source>
        <translation>Aquí se pueden vigilar, sin ninguna carga, los temas, los grupos de consumidores y el retraso de un clúster de Kafka, pero todavía no hay ninguna conexión a uno.</translation>
    </message>
    <message>
        <source>Go to Connections</source>
        <translation>Ir a Conexiones</translation>
    </message>
    <message>
        <source>The topics, consumer groups and lag of a cluster appear here once you watch it. It generates no load.</source>
        <translation>Los temas, los grupos de consumidores y el retraso de un clúster aparecen aquí cuando se vigila. No genera ninguna carga.</translation>
    </message>
    <message>
        <source>Watch it now</source>
        <translation>Vigilarlo ahora</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>Conectando con %1…</translation>
    </message>
    <message>
        <source>stale, %1</source>
        <translation>sin actualizar, %1</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>vigilando</translation>
    </message>
    <message>
        <source>Alarms broken: %1</source>
        <translation>Alarmas activadas: %1</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>conectando</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>reintentando</translation>
    </message>
</context>
<context>
    <name>app::PercentileChart</name>
    <message>
        <source>percentile</source>
        <translation>percentil</translation>
    </message>
    <message>
        <source>from the due time (s)</source>
        <translation>desde el instante previsto (s)</translation>
    </message>
    <message>
        <source>from the actual send (s)</source>
        <translation>desde el envío real (s)</translation>
    </message>
</context>
<context>
    <name>app::PhaseText</name>
    <message>
        <source>getting ready</source>
        <translation>preparando</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>calentamiento</translation>
    </message>
    <message>
        <source>stages</source>
        <translation>etapas</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>etapa %1</translation>
    </message>
    <message>
        <source>drain</source>
        <translation>vaciado</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminada</translation>
    </message>
    <message>
        <source>paused in %1</source>
        <translation>en pausa (%1)</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1, quedan %2</translation>
    </message>
</context>
<context>
    <name>app::ProblemText</name>
    <message>
        <source>stream %1</source>
        <translation>flujo %1</translation>
    </message>
    <message>
        <source>stream &quot;%1&quot;</source>
        <translation>flujo «%1»</translation>
    </message>
    <message>
        <source>rule %1</source>
        <translation>regla %1</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>etapa %1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Línea %1: %2</translation>
    </message>
</context>
<context>
    <name>app::ReportPage</name>
    <message>
        <source>&amp;HTML, one file…</source>
        <translation>&amp;HTML, un archivo…</translation>
    </message>
    <message>
        <source>&amp;PDF…</source>
        <translation>&amp;PDF…</translation>
    </message>
    <message>
        <source>Charts as P&amp;NG…</source>
        <translation>Gráficos como P&amp;NG…</translation>
    </message>
    <message>
        <source>Charts as &amp;SVG…</source>
        <translation>Gráficos como &amp;SVG…</translation>
    </message>
    <message>
        <source>Tables and charts as &amp;CSV…</source>
        <translation>Tablas y gráficos como &amp;CSV…</translation>
    </message>
    <message>
        <source>The result as &amp;JSON…</source>
        <translation>El resultado como &amp;JSON…</translation>
    </message>
    <message>
        <source>J&amp;Unit XML…</source>
        <translation>J&amp;Unit XML…</translation>
    </message>
    <message>
        <source>HdrHistogram &amp;files…</source>
        <translation>Archi&amp;vos HdrHistogram…</translation>
    </message>
    <message>
        <source>&amp;Open a result…</source>
        <translation>Abrir un res&amp;ultado…</translation>
    </message>
    <message>
        <source>&amp;Compare…</source>
        <translation>&amp;Comparar…</translation>
    </message>
    <message>
        <source>Chooses runs to compare with this one.</source>
        <translation>Elige las ejecuciones que se compararán con esta.</translation>
    </message>
    <message>
        <source>The report of a run appears here when it has ended: its verdict, what was measured, and why.</source>
        <translation>El informe de una ejecución aparece aquí cuando esta ha terminado: su veredicto, lo que se midió y por qué.</translation>
    </message>
    <message>
        <source>Choose a scenario</source>
        <translation>Elegir un escenario</translation>
    </message>
    <message>
        <source>Open a result</source>
        <translation>Abrir un resultado</translation>
    </message>
    <message>
        <source>Results (result.json)</source>
        <translation>Resultados (result.json)</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>Carpeta para los archivos</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Guardar el informe</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Guardado como %1.</translation>
    </message>
    <message>
        <source>Summary as &amp;Markdown…</source>
        <translation>Resumen en &amp;Markdown…</translation>
    </message>
    <message>
        <source>Copy s&amp;ummary</source>
        <translation>Copiar el resu&amp;men</translation>
    </message>
    <message>
        <source>Copies verdict, rules, ledger and latencies as Markdown, for a ticket or a pull request.</source>
        <translation>Copia veredicto, reglas, balance y latencias en Markdown, para un ticket o una solicitud de cambios.</translation>
    </message>
    <message>
        <source>The summary is in the clipboard.</source>
        <translation>El resumen está en el portapapeles.</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xportar</translation>
    </message>
</context>
<context>
    <name>app::ReportView</name>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Mostrar como &amp;tabla</translation>
    </message>
    <message>
        <source>Scenario of the run</source>
        <translation>Escenario de la ejecución</translation>
    </message>
    <message>
        <source>Percentiles of end-to-end latencies</source>
        <translation>Percentiles de las latencias de extremo a extremo</translation>
    </message>
    <message>
        <source>Histogram of end-to-end latencies</source>
        <translation>Histograma de las latencias de extremo a extremo</translation>
    </message>
</context>
<context>
    <name>app::RuleForm</name>
    <message>
        <source>Figure</source>
        <translation>Cifra</translation>
    </message>
    <message>
        <source>What the rule is about.</source>
        <translation>De qué trata la regla.</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>Of which tier&apos;s events; nothing: of all.</source>
        <translation>De los eventos de qué clase; vacío: de todas.</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>Estadística</translation>
    </message>
    <message>
        <source>Of all latencies: the value that so many per cent do not exceed, the mean or the highest.</source>
        <translation>De todas las latencias: el valor que no supera tal porcentaje, la media o el máximo.</translation>
    </message>
    <message>
        <source>In every</source>
        <translation>En cada</translation>
    </message>
    <message>
        <source>A length such as 10s, in every part of which the rule must hold; nothing: in the whole run.</source>
        <translation>Una duración como 10s: la regla debe cumplirse en cada ventana de esa duración; vacío: en toda la ejecución.</translation>
    </message>
    <message>
        <source>Must be</source>
        <translation>Debe ser</translation>
    </message>
    <message>
        <source>How it compares.</source>
        <translation>Cómo se compara.</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>A duration such as 45ms, a rate such as 1000/s, a share such as 99% of target, or a count.</source>
        <translation>Una duración como 45ms, una tasa como 1000/s, una proporción como 99% of target o una cantidad.</translation>
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
        <translation>Regla</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Ahora</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Límite</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>Margen</translation>
    </message>
    <message>
        <source>Broken since</source>
        <translation>Incumplida desde</translation>
    </message>
    <message>
        <source>The worst window so far, from the first event on.</source>
        <translation>La peor ventana hasta ahora, desde el primer evento.</translation>
    </message>
    <message>
        <source>So far, from the first event on: what the verdict would say now.</source>
        <translation>Hasta ahora, desde el primer evento: lo que diría el veredicto en este momento.</translation>
    </message>
    <message numerus="yes">
        <source>✗ %n rule(s) broken</source>
        <translation>
            <numerusform>✗ %n regla incumplida</numerusform>
            <numerusform>✗ %n reglas incumplidas</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::RunCharts</name>
    <message>
        <source>Rates</source>
        <translation>Tasas</translation>
    </message>
    <message>
        <source>/s</source>
        <comment>events per second</comment>
        <translation>/s</translation>
    </message>
    <message>
        <source>events</source>
        <translation>eventos</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>planificados</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>enviados</translation>
    </message>
    <message>
        <source>acked</source>
        <translation>confirmados</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>almacenados</translation>
    </message>
    <message>
        <source>backlog</source>
        <translation>pendientes</translation>
    </message>
    <message>
        <source>End-to-end latency</source>
        <translation>Latencia de extremo a extremo</translation>
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
        <translation>máx.</translation>
    </message>
    <message>
        <source>Latency by time</source>
        <translation>Latencia a lo largo del tiempo</translation>
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
        <translation>&amp;Pausar</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>De&amp;tener</translation>
    </message>
    <message>
        <source>Ends the load, stores what was sent and closes the ledger (Shift+F5)</source>
        <translation>Termina la carga, almacena lo enviado y cierra el balance (Mayús+F5)</translation>
    </message>
    <message>
        <source>&amp;Burst now</source>
        <translation>&amp;Ráfaga ahora</translation>
    </message>
    <message>
        <source>Adds a stream of this rate for so many seconds (Ctrl+B)</source>
        <translation>Añade un flujo con esta tasa durante los segundos indicados (Ctrl+B)</translation>
    </message>
    <message>
        <source>Rate of the burst, in events per second</source>
        <translation>Tasa de la ráfaga, en eventos por segundo</translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Length of the burst, in seconds</source>
        <translation>Duración de la ráfaga, en segundos</translation>
    </message>
    <message>
        <source>Rate of all streams together, in events per second</source>
        <translation>Tasa de todos los flujos juntos, en eventos por segundo</translation>
    </message>
    <message>
        <source>All streams change in proportion and keep the new rate until the end of the run.</source>
        <translation>Todos los flujos cambian en la misma proporción y mantienen la nueva tasa hasta el final de la ejecución.</translation>
    </message>
    <message>
        <source>Goes on with the load (F6)</source>
        <translation>Continúa con la carga (F6)</translation>
    </message>
    <message>
        <source>Holds the load; due times move (F6)</source>
        <translation>Retiene la carga; los instantes previstos se desplazan (F6)</translation>
    </message>
    <message>
        <source>Refused: %1.</source>
        <translation>Rechazado: %1.</translation>
    </message>
    <message>
        <source>R&amp;ate</source>
        <translation>Ta&amp;sa</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>Rea&amp;nudar</translation>
    </message>
</context>
<context>
    <name>app::RunListModel</name>
    <message>
        <source>damaged</source>
        <translation>dañada</translation>
    </message>
    <message>
        <source>of a newer Millrace</source>
        <translation>de un Millrace más reciente</translation>
    </message>
    <message>
        <source>killed</source>
        <translation>abortada</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>superada</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>no superada</translation>
    </message>
    <message>
        <source>lost or doubled</source>
        <translation>pérdidas o dobles</translation>
    </message>
    <message>
        <source>invalid</source>
        <translation>no válida</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>inaccesible</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>interrumpida</translation>
    </message>
    <message>
        <source>internal error</source>
        <translation>error interno</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>línea base</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Veredicto</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Almacenados</translation>
    </message>
    <message>
        <source>End-to-end p99</source>
        <translation>Extremo a extremo p99</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Duración</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Etiquetas</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en curso</translation>
    </message>
    <message>
        <source>not finished</source>
        <translation>no concluida</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (bróker integrado)</translation>
    </message>
</context>
<context>
    <name>app::RunTrend</name>
    <message>
        <source>Trend</source>
        <translation>Tendencia</translation>
    </message>
    <message>
        <source>Trend of &apos;%1&apos;</source>
        <translation>Tendencia de «%1»</translation>
    </message>
    <message>
        <source>The p99, stored rate and verdict of &apos;%1&apos; will be drawn here from run to run, once there are two.</source>
        <translation>Aquí se dibujarán el p99, la tasa de almacenamiento y el veredicto de «%1» de una ejecución a otra, cuando haya dos.</translation>
    </message>
    <message>
        <source>end-to-end p99</source>
        <translation>p99 de extremo a extremo</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker)</source>
        <translation>p99 de extremo a extremo (bróker integrado)</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>almacenados</translation>
    </message>
    <message>
        <source>%1: %2 runs, of which %3 passed and %4 ran on the embedded broker. The newest has an end-to-end p99 of %5, the oldest of %6.</source>
        <translation>%1: %2 ejecuciones, de las cuales %3 superadas y %4 con el bróker integrado. La más reciente tiene un p99 de extremo a extremo de %5; la más antigua, de %6.</translation>
    </message>
    <message>
        <source>run</source>
        <translation>ejecución</translation>
    </message>
    <message>
        <source>days before the newest run</source>
        <translation>días antes de la ejecución más reciente</translation>
    </message>
    <message>
        <source>end-to-end p99 (s)</source>
        <translation>p99 de extremo a extremo (s)</translation>
    </message>
    <message>
        <source>end-to-end p99 (embedded broker) (s)</source>
        <translation>p99 de extremo a extremo (bróker integrado) (s)</translation>
    </message>
    <message>
        <source>stored (/s)</source>
        <translation>almacenados (/s)</translation>
    </message>
    <message>
        <source>passed: 1, else 0</source>
        <translation>superada: 1; si no, 0</translation>
    </message>
</context>
<context>
    <name>app::SavedConnections</name>
    <message>
        <source>embedded</source>
        <translation>integrado</translation>
    </message>
    <message>
        <source>Broker: %1
Store: %2
Duplicate filter: %3</source>
        <translation>Bróker: %1
Almacén: %2
Filtro de duplicados: %3</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>en memoria</translation>
    </message>
    <message>
        <source>The saved connections in %1 cannot be read: %2</source>
        <translation>No se pueden leer las conexiones guardadas en %1: %2</translation>
    </message>
    <message>
        <source>The file of saved connections %1 is damaged: %2</source>
        <translation>El archivo de conexiones guardadas %1 está dañado: %2</translation>
    </message>
    <message>
        <source>A connection in %1 is left out: %2</source>
        <translation>Se omite una conexión de %1: %2</translation>
    </message>
    <message>
        <source>The connections could not be saved to %1: %2</source>
        <translation>No se pudieron guardar las conexiones en %1: %2</translation>
    </message>
</context>
<context>
    <name>app::ScenarioDocument</name>
    <message>
        <source>New scenario</source>
        <translation>Escenario nuevo</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>No se puede leer %1.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>No se puede escribir %1: %2.</translation>
    </message>
    <message>
        <source>%1 was changed by another program.</source>
        <translation>Otro programa ha modificado %1.</translation>
    </message>
</context>
<context>
    <name>app::ScenarioField</name>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (predeterminado)</translation>
    </message>
</context>
<context>
    <name>app::ScenarioFiles</name>
    <message>
        <source>Scenarios (*.yaml *.yml)</source>
        <translation>Escenarios (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>&amp;Ready-made scenarios</source>
        <translation>Escenarios &amp;predefinidos</translation>
    </message>
    <message>
        <source>Recent &amp;files</source>
        <translation>Archivos &amp;recientes</translation>
    </message>
    <message>
        <source>&amp;New scenario</source>
        <translation>&amp;Nuevo escenario</translation>
    </message>
    <message>
        <source>&amp;Open scenario…</source>
        <translation>&amp;Abrir un escenario…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Guardar</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Guardar &amp;como…</translation>
    </message>
    <message>
        <source>Open a scenario</source>
        <translation>Abrir un escenario</translation>
    </message>
    <message>
        <source>Save the scenario</source>
        <translation>Guardar el escenario</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Cambios sin guardar</translation>
    </message>
    <message>
        <source>Save the changes of %1?</source>
        <translation>¿Guardar los cambios de %1?</translation>
    </message>
    <message>
        <source>None is installed</source>
        <translation>No hay ninguno instalado</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Todavía ninguno</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Descartar</translation>
    </message>
</context>
<context>
    <name>app::ScenarioForm</name>
    <message>
        <source>Form of the scenario</source>
        <translation>Formulario del escenario</translation>
    </message>
    <message>
        <source>&amp;Load</source>
        <translation>&amp;Carga</translation>
    </message>
    <message>
        <source>R&amp;ules</source>
        <translation>Re&amp;glas</translation>
    </message>
    <message>
        <source>&amp;Pipeline</source>
        <translation>Cana&amp;lización</translation>
    </message>
    <message>
        <source>&amp;Target</source>
        <translation>Des&amp;tino</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Flujos</translation>
    </message>
    <message>
        <source>Stages of the chosen stream</source>
        <translation>Etapas del flujo elegido</translation>
    </message>
    <message>
        <source>&amp;Streams</source>
        <translation>&amp;Flujos</translation>
    </message>
    <message>
        <source>Sta&amp;ges of the chosen stream</source>
        <translation>Eta&amp;pas del flujo elegido</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Reglas</translation>
    </message>
    <message>
        <source>What must hold for the verdict &apos;passed&apos;.</source>
        <translation>Lo que debe cumplirse para el veredicto «superada».</translation>
    </message>
    <message>
        <source>Kafka</source>
        <translation>Kafka</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>Consumidor</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Filtro de duplicados</translation>
    </message>
    <message>
        <source>E&amp;vents</source>
        <translation>E&amp;ventos</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Flujo</translation>
    </message>
    <message>
        <source>The stream whose events these fields shape.</source>
        <translation>El flujo cuyos eventos definen estos campos.</translation>
    </message>
</context>
<context>
    <name>app::ScenarioPage</name>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Deshacer</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Rehacer</translation>
    </message>
    <message>
        <source>&amp;Start the run</source>
        <translation>&amp;Iniciar la ejecución</translation>
    </message>
    <message>
        <source>a new scenario</source>
        <translation>un escenario nuevo</translation>
    </message>
    <message>
        <source>The program ended before the changes of %1 were saved.</source>
        <translation>El programa terminó antes de que se guardaran los cambios de %1.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurarlos</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Descartarlos</translation>
    </message>
    <message>
        <source>Another program has changed %1.</source>
        <translation>Otro programa ha modificado %1.</translation>
    </message>
    <message>
        <source>Load the file</source>
        <translation>Cargar el archivo</translation>
    </message>
    <message>
        <source>Write this text into it</source>
        <translation>Escribir este texto en él</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>Decidir más tarde</translation>
    </message>
    <message>
        <source>Start the run (%1)</source>
        <translation>Iniciar la ejecución (%1)</translation>
    </message>
    <message>
        <source>A run is on. The next one can start when it is over.</source>
        <translation>Hay una ejecución en curso. La siguiente podrá iniciarse cuando termine.</translation>
    </message>
    <message>
        <source>The scenario has a problem: %1</source>
        <translation>El escenario tiene un problema: %1</translation>
    </message>
</context>
<context>
    <name>app::ScenarioText</name>
    <message>
        <source>The file is longer than 1 MiB, which no scenario is.</source>
        <translation>El archivo ocupa más de 1 MiB; ningún escenario es tan grande.</translation>
    </message>
    <message>
        <source>The file is not a text in UTF-8.</source>
        <translation>El archivo no es un texto en UTF-8.</translation>
    </message>
</context>
<context>
    <name>app::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Tema</translation>
    </message>
    <message>
        <source>Whether the window is light or dark. Reports and pictures follow it.</source>
        <translation>Si la ventana es clara u oscura. Los informes y las imágenes la siguen.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Idioma</translation>
    </message>
    <message>
        <source>The language of the window. Scenarios, results and logs stay as they are.</source>
        <translation>El idioma de la ventana. Los escenarios, los resultados y los logs quedan como están.</translation>
    </message>
    <message>
        <source>The language changes when Millrace is started again.</source>
        <translation>El idioma cambia al volver a iniciar Millrace.</translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation>Ta&amp;maños</translation>
    </message>
    <message>
        <source>How sizes are written in the window. Scenario files always use powers of two: KiB, MiB.</source>
        <translation>Cómo se escriben los tamaños en la ventana. Los archivos de escenario usan siempre potencias de dos: KiB, MiB.</translation>
    </message>
    <message>
        <source>Powers of two (%1)</source>
        <translation>Potencias de dos (%1)</translation>
    </message>
    <message>
        <source>Powers of ten (%1)</source>
        <translation>Potencias de diez (%1)</translation>
    </message>
    <message>
        <source>How often the figures of a run are refreshed. It changes what is drawn, never what is measured.</source>
        <translation>Con qué frecuencia se actualizan las cifras de una ejecución. Cambia lo que se dibuja, nunca lo que se mide.</translation>
    </message>
    <message numerus="yes">
        <source>%n times a second</source>
        <translation>
            <numerusform>%n vez por segundo</numerusform>
            <numerusform>%n veces por segundo</numerusform>
        </translation>
    </message>
    <message>
        <source>Results folder</source>
        <translation>Carpeta de resultados</translation>
    </message>
    <message>
        <source>Each run leaves a folder of its own in here. Empty: the usual place.</source>
        <translation>Cada ejecución deja aquí una carpeta propia. Vacío: el lugar habitual.</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>E&amp;xaminar…</translation>
    </message>
    <message>
        <source>Browse for the results folder</source>
        <translation>Examinar para elegir la carpeta de resultados</translation>
    </message>
    <message>
        <source>Choose the results folder</source>
        <translation>Elegir la carpeta de resultados</translation>
    </message>
    <message>
        <source>The results folder needs its whole path, as /home/me/runs.</source>
        <translation>La carpeta de resultados necesita su ruta completa, como /home/me/runs.</translation>
    </message>
    <message>
        <source>&amp;Answer over HTTP while a run is on, at</source>
        <translation>&amp;Responder por HTTP durante una ejecución, en</translation>
    </message>
    <message>
        <source>For Prometheus, dashboards and scripts. Nobody but this machine can ask there, unless an address of its network and a token are given.</source>
        <translation>Para Prometheus, paneles y scripts. Solo esta máquina puede preguntar ahí, salvo que se indiquen una dirección de su red y un token.</translation>
    </message>
    <message>
        <source>Address and port for HTTP</source>
        <translation>Dirección y puerto para HTTP</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>Métricas</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Igual que el sistema</translation>
    </message>
    <message>
        <source>Li&amp;ve refresh</source>
        <translation>Actualización en &amp;vivo</translation>
    </message>
    <message>
        <source>Results f&amp;older</source>
        <translation>&amp;Carpeta de resultados</translation>
    </message>
</context>
<context>
    <name>app::SideBar</name>
    <message>
        <source>Pages</source>
        <translation>Páginas</translation>
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
        <translation>%1 durante %2</translation>
    </message>
    <message>
        <source>to %1 in %2</source>
        <translation>hasta %1 en %2</translation>
    </message>
    <message>
        <source>pause %1</source>
        <translation>pausa de %1</translation>
    </message>
    <message>
        <source>spike to %1 in %2</source>
        <translation>pico hasta %1 en %2</translation>
    </message>
    <message>
        <source>%1 to %2 in %3 steps of %4</source>
        <translation>de %1 a %2 en %3 peldaños de %4</translation>
    </message>
    <message>
        <source>%1 ± %2 for %3</source>
        <translation>%1 ± %2 durante %3</translation>
    </message>
</context>
<context>
    <name>app::StatusStrip</name>
    <message>
        <source>steady</source>
        <translation>estable</translation>
    </message>
    <message>
        <source>growing by %1</source>
        <translation>crece a %1</translation>
    </message>
    <message>
        <source>draining: %1 to empty</source>
        <translation>vaciándose: vacío en %1</translation>
    </message>
    <message>
        <source>Phase of the run</source>
        <translation>Fase de la ejecución</translation>
    </message>
    <message>
        <source>Progress of the load</source>
        <translation>Progreso de la carga</translation>
    </message>
    <message>
        <source>Rates: target, sent, stored</source>
        <translation>Tasas: objetivo, enviados, almacenados</translation>
    </message>
    <message>
        <source>End-to-end latency of the last ten seconds</source>
        <translation>Latencia de extremo a extremo de los últimos diez segundos</translation>
    </message>
    <message>
        <source>Lost and doubled events</source>
        <translation>Eventos perdidos y dobles</translation>
    </message>
    <message>
        <source>What is nearest to its limit</source>
        <translation>Lo que está más cerca de su límite</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Events per second over the last two seconds: as planned, handed to the broker&apos;s client, and committed in the store.</source>
        <translation>Eventos por segundo en los últimos dos segundos: planificados, entregados al cliente del bróker y consolidados en el almacén.</translation>
    </message>
    <message>
        <source>No event is due yet.</source>
        <translation>Todavía no está previsto ningún evento.</translation>
    </message>
    <message>
        <source>%1 → %2 → %3</source>
        <translation>%1 → %2 → %3</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit, with the embedded broker: not Kafka&apos;s.</source>
        <translation>p99 de extremo a extremo de los últimos diez segundos, desde el instante previsto hasta la consolidación, con el bróker integrado: no es el de Kafka.</translation>
    </message>
    <message>
        <source>End-to-end p99 of the last ten seconds, from the due time to the commit.</source>
        <translation>p99 de extremo a extremo de los últimos diez segundos, desde el instante previsto hasta la consolidación.</translation>
    </message>
    <message>
        <source>The rule&apos;s limit stands behind it.</source>
        <translation>Detrás figura el límite de la regla.</translation>
    </message>
    <message>
        <source>%1 (embedded broker)</source>
        <translation>%1 (bróker integrado)</translation>
    </message>
    <message>
        <source>No event is unsent, failed, in doubt or forgotten by the broker so far. Lost and doubled are known when the ledger is closed.</source>
        <translation>Hasta ahora ningún evento está sin enviar, fallido, en duda u olvidado por el bróker. Los perdidos y los dobles se conocen cuando se cierra el balance.</translation>
    </message>
    <message>
        <source>%1 events missing</source>
        <translation>faltan %1 eventos</translation>
    </message>
    <message>
        <source>Unsent %1, failed %2, in doubt %3, forgotten by the broker %4.</source>
        <translation>No enviados: %1, fallidos: %2, en duda: %3, olvidados por el bróker: %4.</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>Todavía no se ha medido nada.</translation>
    </message>
    <message>
        <source>CPU %1</source>
        <translation>CPU %1</translation>
    </message>
    <message>
        <source>The processors of this machine are nearest to their limit.</source>
        <translation>Los procesadores de esta máquina son lo más cercano a su límite.</translation>
    </message>
    <message>
        <source>generator %1</source>
        <translation>generador %1</translation>
    </message>
    <message>
        <source>How late the generator&apos;s own threads wake up, at p99, as a share of the 10 ms beyond which a run is invalid.</source>
        <translation>Con cuánto retraso despiertan los hilos del propio generador, en p99, como proporción de los 10 ms a partir de los cuales una ejecución no es válida.</translation>
    </message>
    <message>
        <source>Health of the broker</source>
        <translation>Estado del bróker</translation>
    </message>
    <message>
        <source>Health of the store</source>
        <translation>Estado del almacén</translation>
    </message>
    <message>
        <source>Health of the duplicate filter</source>
        <translation>Estado del filtro de duplicados</translation>
    </message>
    <message>
        <source>Health of Millrace itself</source>
        <translation>Estado del propio Millrace</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>Adónde va la ejecución</translation>
    </message>
    <message>
        <source>Events that wait to be stored</source>
        <translation>Eventos en espera de almacenarse</translation>
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
        <translation>destino: %1</translation>
    </message>
    <message>
        <source>The load goes to: %1</source>
        <translation>La carga va a: %1</translation>
    </message>
    <message>
        <source>Events that are sent and not stored yet: %1 that the broker has not acknowledged, and %2 that the store has not committed.</source>
        <translation>Eventos enviados y aún no almacenados: %1 que el bróker no ha confirmado y %2 que el almacén no ha consolidado.</translation>
    </message>
    <message>
        <source>waiting %1 %2</source>
        <translation>en espera %1 %2</translation>
    </message>
    <message>
        <source>Rules that are broken</source>
        <translation>Reglas incumplidas</translation>
    </message>
    <message>
        <source>p99 (10 s) %1</source>
        <translation>p99 (10 s) %1</translation>
    </message>
    <message>
        <source>p99 (10 s) %1, limit %2</source>
        <translation>p99 (10 s) %1, límite %2</translation>
    </message>
    <message>
        <source>nothing missing</source>
        <translation>no falta nada</translation>
    </message>
</context>
<context>
    <name>app::StreamsPanel</name>
    <message>
        <source>Figures of each tier</source>
        <translation>Cifras de cada clase</translation>
    </message>
    <message>
        <source>Figures of each stream</source>
        <translation>Cifras de cada flujo</translation>
    </message>
    <message>
        <source>Figures of the last five to ten seconds. Choose a stream to see the charts of it alone.</source>
        <translation>Cifras de los últimos cinco a diez segundos. Elija un flujo para ver solo sus gráficos.</translation>
    </message>
</context>
<context>
    <name>app::TargetChooser</name>
    <message>
        <source>answers</source>
        <translation>responde</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>no responde</translation>
    </message>
    <message>
        <source> in %1 ms</source>
        <translation> en %1 ms</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Probar</translation>
    </message>
    <message>
        <source>Where the run goes</source>
        <translation>Adónde va la ejecución</translation>
    </message>
    <message>
        <source>Embedded needs no server. A saved connection wins over what the scenario says and leaves its text as it is.</source>
        <translation>El modo integrado no necesita ningún servidor. Una conexión guardada prevalece sobre lo que dice el escenario y deja su texto como está.</translation>
    </message>
    <message>
        <source>Test the target</source>
        <translation>Probar el destino</translation>
    </message>
    <message>
        <source>Asks each server and shows its answer and its round trip.</source>
        <translation>Pregunta a cada servidor y muestra su respuesta y su tiempo de ida y vuelta.</translation>
    </message>
    <message>
        <source>From the environment, else embedded</source>
        <translation>Según el entorno; si no, integrado</translation>
    </message>
    <message>
        <source>Embedded: no server is needed</source>
        <translation>Integrado: no se necesita ningún servidor</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Servidores</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Preguntando…</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Bróker</translation>
    </message>
    <message>
        <source>embedded, or HOST:PORT, several with commas between them.</source>
        <translation>embedded, o HOST:PORT; varios, separados por comas.</translation>
    </message>
    <message>
        <source>from the environment, else embedded</source>
        <translation>según el entorno; si no, integrado</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Almacén</translation>
    </message>
    <message>
        <source>embedded, sqlite:FILE or postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. A password is never written out.</source>
        <translation>embedded, sqlite:FILE o postgresql://USER:${PGPASSWORD}@HOST:PORT/DATABASE. La contraseña nunca se escribe en claro.</translation>
    </message>
    <message>
        <source>Duplicate filter</source>
        <translation>Filtro de duplicados</translation>
    </message>
    <message>
        <source>memory or redis://HOST:PORT.</source>
        <translation>memory o redis://HOST:PORT.</translation>
    </message>
    <message>
        <source>from the environment, else memory</source>
        <translation>según el entorno; si no, en memoria</translation>
    </message>
    <message>
        <source>an address that cannot be read</source>
        <translation>una dirección que no se puede leer</translation>
    </message>
    <message>
        <source>servers of its own</source>
        <translation>servidores propios</translation>
    </message>
    <message>
        <source>The scenario&apos;s text says: %1. The connection chosen here wins.</source>
        <translation>El texto del escenario dice: %1. Prevalece la conexión elegida aquí.</translation>
    </message>
</context>
<context>
    <name>app::TargetText</name>
    <message>
        <source>embedded</source>
        <translation>integrado</translation>
    </message>
    <message>
        <source>embedded broker, %1</source>
        <translation>bróker integrado, %1</translation>
    </message>
</context>
<context>
    <name>app::TextPane</name>
    <message>
        <source>Problems of the scenario</source>
        <translation>Problemas del escenario</translation>
    </message>
    <message>
        <source>What keeps this scenario from running. Enter or a click leads to the place.</source>
        <translation>Lo que impide ejecutar este escenario. Entrar o un clic llevan al lugar.</translation>
    </message>
</context>
<context>
    <name>app::TimeChart</name>
    <message>
        <source>%1 %2: %3 at the median second, highest %4 at %5.</source>
        <translation>%1 %2: %3 en el segundo mediano, máximo %4 en %5.</translation>
    </message>
    <message>
        <source>time (s)</source>
        <translation>tiempo (s)</translation>
    </message>
</context>
<context>
    <name>app::ValueText</name>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>No se puede leer %1: %2.</translation>
    </message>
</context>
<context>
    <name>app::YamlCompletion</name>
    <message>
        <source>What can stand here</source>
        <translation>Lo que puede ir aquí</translation>
    </message>
</context>
<context>
    <name>app::YamlEditor</name>
    <message>
        <source>Text of the scenario</source>
        <translation>Texto del escenario</translation>
    </message>
    <message>
        <source>The scenario as YAML. The form beside it shows each change, and the other way round. Ctrl+Space offers what can stand here, Ctrl+F finds, Tab indents. Ctrl+Tab, or Esc and then Tab, leaves the text.</source>
        <translation>El escenario como YAML. El formulario de al lado muestra cada cambio, y a la inversa. Ctrl+Espacio ofrece lo que puede ir aquí, Ctrl+F busca, Tab sangra. Ctrl+Tab, o Esc y luego Tab, sale del texto.</translation>
    </message>
</context>
</TS>

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>app::FleetRows</name>
    <message numerus="yes">
        <source>%1, and %n more</source>
        <translation>
            <numerusform>%1, and %n more</numerusform>
            <numerusform>%1, and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::HistoryPage</name>
    <message numerus="yes">
        <source>Delete %n run(s) with all their files? This cannot be undone.</source>
        <translation>
            <numerusform>Delete %n run with all its files? This cannot be undone.</numerusform>
            <numerusform>Delete %n runs with all their files? This cannot be undone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::MainWindow</name>
    <message numerus="yes">
        <source>%n run(s) were killed before their ledgers were closed. Their journals hold what was recorded.</source>
        <translation>
            <numerusform>%n run was killed before its ledger was closed. Its journal holds what was recorded.</numerusform>
            <numerusform>%n runs were killed before their ledgers were closed. Their journals hold what was recorded.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::RuleTable</name>
    <message numerus="yes">
        <source>✗ %n rule(s) broken</source>
        <translation>
            <numerusform>✗ %n rule broken</numerusform>
            <numerusform>✗ %n rules broken</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::SettingsPage</name>
    <message numerus="yes">
        <source>%n times a second</source>
        <translation>
            <numerusform>once a second</numerusform>
            <numerusform>%n times a second</numerusform>
        </translation>
    </message>
</context>
</TS>

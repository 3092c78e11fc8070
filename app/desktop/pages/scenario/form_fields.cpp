// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/form_fields.h"

#include <QCoreApplication>

namespace app {

namespace {

struct FormFieldsTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::FormFields)
};

FieldSpec field(const char* path, const QString& label, const QString& tip, const char* standard,
                ValueKind kind = ValueKind::Plain, const QStringList& choices = {}) {
    return {QString::fromLatin1(path), label, tip, QString::fromUtf8(standard), kind, choices};
}

} // namespace

QList<FieldSpec> generalFields() {
    return {
        field("name", FormFieldsTexts::tr("Name"), FormFieldsTexts::tr("What the run is called, 1 to 100 characters."),
              "", ValueKind::Text),
        field("seed", FormFieldsTexts::tr("Seed"),
              FormFieldsTexts::tr("The same seed gives the same events and due times."), "1"),
        field("warmup", FormFieldsTexts::tr("Warm-up"),
              FormFieldsTexts::tr(
                  "Load at the first stage's rate before the stages, left out of the verdict but not of the ledger."),
              "0s", ValueKind::Seconds),
        field("drain", FormFieldsTexts::tr("Drain"),
              FormFieldsTexts::tr("How long the end waits for the consumer at most."), "30s", ValueKind::Seconds)};
}

QList<FieldSpec> eventFields() {
    return {
        field("size", FormFieldsTexts::tr("Size"),
              FormFieldsTexts::tr("Of an encoded event: 285B, or {min: 200B, max: 600B, distribution: exponential}."),
              "285B", ValueKind::Yaml),
        field("levels", FormFieldsTexts::tr("Levels"),
              FormFieldsTexts::tr("Weights of the levels; they need not add up to 100."),
              "{INFO: 70, WARN: 20, ERROR: 8, DEBUG: 2}", ValueKind::Yaml),
        field("sources", FormFieldsTexts::tr("Sources"),
              FormFieldsTexts::tr("Names with commas between them, equally frequent."),
              "api-gateway, auth-service, payment-service, user-service", ValueKind::List),
        field("key", FormFieldsTexts::tr("Key"),
              FormFieldsTexts::tr("Key of the Kafka message: id, source, none, or {zipf: 1.1, keys: 10000}."), "id",
              ValueKind::Yaml),
        field("messages", FormFieldsTexts::tr("Messages"),
              FormFieldsTexts::tr(
                  "generated, or {file: app.log}: the lines of a file, in order, round and round; relative to the "
                  "scenario's file."),
              "generated", ValueKind::Yaml),
        field("duplicates", FormFieldsTexts::tr("Duplicates"),
              FormFieldsTexts::tr(
                  "{ratio: 1%, within: 10s}: share of events that repeat an earlier id, and how long after it."),
              "none", ValueKind::Yaml),
        field("unreadable", FormFieldsTexts::tr("Unreadable"),
              FormFieldsTexts::tr("Share of events whose payload is broken on purpose."), "0%", ValueKind::Share)};
}

QList<FieldSpec> kafkaFields() {
    return {
        field("topic", FormFieldsTexts::tr("Topic"),
              FormFieldsTexts::tr("Of the normal tier; the other tiers have topics of their own."), "log-events",
              ValueKind::Text),
        FieldSpec{QStringLiteral("partitions"),
                  FormFieldsTexts::tr("Partitions"),
                  FormFieldsTexts::tr("Of topics that are created."),
                  FormFieldsTexts::tr("worked out from the load"),
                  ValueKind::Plain,
                  {}},
        field("acks", FormFieldsTexts::tr("Acks"),
              FormFieldsTexts::tr("Who has an event before it counts as acked: all, the leader (1) or nobody (0)."),
              "all", ValueKind::Plain, {QStringLiteral("all"), QStringLiteral("1"), QStringLiteral("0")}),
        field("linger", FormFieldsTexts::tr("Linger"),
              FormFieldsTexts::tr("How long a batch of the normal tier waits to fill."), "5ms", ValueKind::Duration),
        field("batch", FormFieldsTexts::tr("Batch"), FormFieldsTexts::tr("The largest batch of the normal tier."),
              "512KiB", ValueKind::Size),
        field("compression", FormFieldsTexts::tr("Compression"),
              FormFieldsTexts::tr("Of all tiers that say nothing themselves."), "lz4; critical none", ValueKind::Plain,
              {QStringLiteral("none"), QStringLiteral("gzip"), QStringLiteral("snappy"), QStringLiteral("lz4"),
               QStringLiteral("zstd")}),
        field("group", FormFieldsTexts::tr("Consumer group"), FormFieldsTexts::tr("Of the reference consumer."),
              "log-consumer-group", ValueKind::Text)};
}

QList<FieldSpec> consumedByFields() {
    return {FieldSpec{
        QStringLiteral("consumer"),
        FormFieldsTexts::tr("Who consumes"),
        FormFieldsTexts::tr("Millrace with the settings below if nothing is written, none, or the table that somebody "
                            "else's consumer fills: {audit: {table: events, id: id, stored_at: created_at}}."),
        FormFieldsTexts::tr("Millrace"),
        ValueKind::Yaml,
        {}}};
}

QList<FieldSpec> consumerFields() {
    return {field("concurrency", FormFieldsTexts::tr("Workers"), FormFieldsTexts::tr("1 to 64."), "3"),
            field("batch", FormFieldsTexts::tr("Batch"),
                  FormFieldsTexts::tr("Events in one database transaction at most, 1 to 50000."), "5000"),
            field("linger", FormFieldsTexts::tr("Linger"),
                  FormFieldsTexts::tr("How long a batch waits for more when nothing is at hand."), "1ms",
                  ValueKind::Duration),
            field("critical_batch", FormFieldsTexts::tr("Critical batch"),
                  FormFieldsTexts::tr("The critical tier's batch."), "500"),
            field("dead_letters", FormFieldsTexts::tr("Dead letters"),
                  FormFieldsTexts::tr("Where unreadable events go."), "store", ValueKind::Plain,
                  {QStringLiteral("store"), QStringLiteral("topic")})};
}

QList<FieldSpec> dedupeFields() {
    return {field("ttl", FormFieldsTexts::tr("Time to live"),
                  FormFieldsTexts::tr("How long an id is remembered, at least 1s."), "1h", ValueKind::Duration),
            field("prefix", FormFieldsTexts::tr("Prefix"), FormFieldsTexts::tr("Of the keys, 1 to 64 characters."),
                  "log:", ValueKind::Text)};
}

} // namespace app

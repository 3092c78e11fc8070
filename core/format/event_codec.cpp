// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/event_codec.h"

#include "core/format/json_text.h"
#include "core/format/timestamp_text.h"

namespace core {

void appendJson(const Event& event, std::string& out) {
    char id[EventId::kTextLength];
    char timestamp[TimestampText::kLength];
    event.id.print(id);
    TimestampText().write(timestamp, event.timestamp);
    out.append(R"({"id":")").append(id, sizeof id);
    out.append(R"(","level":")").append(nameOf(event.level));
    out.append(R"(","message":")");
    appendEscaped(event.message, out);
    out.append(R"(","source":")");
    appendEscaped(event.source, out);
    out.append(R"(","timestamp":")").append(timestamp, sizeof timestamp);
    out.append(R"(","traceId":")");
    appendEscaped(event.traceId, out);
    out.append(R"("})");
}

} // namespace core

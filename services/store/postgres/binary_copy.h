// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace services {

/// Writes the binary format of PostgreSQL's COPY (manual, COPY, "Binary Format"; integers in network order). start(),
/// then for each row row() and its fields in order, then finish(). The buffer is kept between uses.
class BinaryCopy {
public:
    void start();
    void row(std::int16_t fields);
    void uuid(const core::EventId& id);
    void text(std::string_view value); ///< text and bytea alike
    void integer(std::int32_t value);
    void bigint(std::int64_t value);
    void timestamp(core::WallTime time); ///< timestamptz; rounded down to microseconds
    void null();
    std::string_view finish();

private:
    void put16(std::uint16_t value);
    void put32(std::uint32_t value);
    void put64(std::uint64_t value);

    std::string m_buffer;
};

/// One row of COPY … TO STDOUT (FORMAT binary), field by field. The header comes in front of the first row.
class CopiedRow {
public:
    explicit CopiedRow(std::string_view message);

    bool isTrailer() const { return m_fields < 0; }
    /// The next field's bytes; nothing where it is NULL or there is none.
    std::optional<std::string_view> next();

private:
    std::string_view m_rest;
    int m_fields = -1;
};

/// A timestamptz field of a copied row; nothing where it is infinite or none.
std::optional<core::WallTime> timestampOf(std::string_view field);

/// Reads the id off one message of COPY (SELECT id …) TO STDOUT (FORMAT binary); nothing for the trailer. The header
/// comes in front of the first row.
std::optional<core::EventId> idOfCopiedRow(std::string_view message);

} // namespace services

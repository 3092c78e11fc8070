// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace core {

namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS; ///< zlib's manual, inflateInit2

struct Inflation {
    z_stream stream{};
    bool begun = false;
    Inflation() { begun = inflateInit2(&stream, kGzipOnly) == Z_OK; }
    ~Inflation() { inflateEnd(&stream); }
    Inflation(const Inflation&) = delete;
    Inflation& operator=(const Inflation&) = delete;
};

} // namespace

bool isGzip(std::string_view bytes) {
    return bytes.starts_with("\x1f\x8b");
}

Result<std::string> unpackedGzip(std::string_view bytes, std::size_t most) {
    Inflation inflation;
    z_stream& stream = inflation.stream;
    if (!inflation.begun || bytes.size() > std::numeric_limits<uInt>::max()) {
        return invalid("is too large to be unpacked");
    }
    // zlib reads through this pointer only, but its type says otherwise.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string plain;
    std::array<char, 64 * 1024> piece{};
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = piece.size();
        const int state = inflate(&stream, Z_NO_FLUSH);
        plain.append(piece.data(), piece.size() - stream.avail_out);
        if (plain.size() > most) {
            return invalid(fmt::format("holds more than {} MiB once it is unpacked", most >> 20U));
        }
        if (state == Z_STREAM_END) {
            const std::string_view rest = bytes.substr(bytes.size() - stream.avail_in);
            if (rest.find_first_not_of('\0') == std::string_view::npos) { // a tape's last block is filled with zeros
                return plain;
            }
            if (!isGzip(rest)) {
                return invalid("holds something else behind its gzip data: take it apart first");
            }
            inflateReset(&stream);
        } else if (state == Z_BUF_ERROR || (state == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) {
            return invalid("is compressed with gzip and ends too early");
        } else if (state != Z_OK) {
            return invalid("is compressed with gzip and damaged");
        }
    }
}

} // namespace core

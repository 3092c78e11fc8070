// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/spool_file.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace services {

SpoolFile::SpoolFile(std::filesystem::path directory) : m_directory(std::move(directory)) {}

SpoolFile::~SpoolFile() {
    if (m_file >= 0) {
        ::close(m_file);
    }
}

bool SpoolFile::open() {
    if (m_file >= 0 || m_failed) {
        return m_file >= 0;
    }
    m_file = ::open(m_directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (m_file < 0) { // a file system that knows no files without a name
        std::string name = m_directory / "samples.XXXXXX";
        m_file = ::mkostemp(name.data(), O_CLOEXEC);
        if (m_file >= 0) {
            ::unlink(name.c_str());
        }
    }
    m_failed = m_file < 0;
    if (m_failed) {
        spdlog::warn("The time line's histograms stay in memory, for no file can be created in {}: {}",
                     m_directory.string(), std::strerror(errno));
    }
    return !m_failed;
}

std::optional<core::TextSpool::Place> SpoolFile::put(std::string_view text) {
    if (!open()) {
        return std::nullopt;
    }
    for (std::size_t done = 0; done < text.size();) {
        const auto written = ::pwrite(m_file, text.data() + done, text.size() - done, static_cast<off_t>(m_end + done));
        if (written <= 0) {
            return std::nullopt; // the next text is written over what there is of this one
        }
        done += static_cast<std::size_t>(written);
    }
    const Place place{m_end, text.size()};
    m_end += text.size();
    return place;
}

std::optional<std::string> SpoolFile::get(Place place) const {
    std::string text(place.length, '\0');
    for (std::size_t done = 0; done < text.size();) {
        const auto got = ::pread(m_file, text.data() + done, text.size() - done, static_cast<off_t>(place.from + done));
        if (got <= 0) {
            spdlog::error("An interval's histograms cannot be read back: {}", std::strerror(errno));
            return std::nullopt;
        }
        done += static_cast<std::size_t>(got);
    }
    return text;
}

void SpoolFile::dropUntil(std::uint64_t end) {
    if (m_file >= 0) { // it only saves disk space
        static_cast<void>(::fallocate(m_file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(end)));
    }
}

} // namespace services

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <filesystem>

namespace services {

/// A spool in a file without a name, created when it is first needed: nothing is left of it, however the process ends.
/// One thread.
class SpoolFile final : public core::TextSpool {
public:
    explicit SpoolFile(std::filesystem::path directory);
    ~SpoolFile() override;
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    std::optional<Place> put(std::string_view text) override;
    std::optional<std::string> get(Place place) const override;
    void dropUntil(std::uint64_t end) override; ///< gives the disk space back where the file system can

private:
    bool open();

    std::filesystem::path m_directory;
    int m_file = -1;
    bool m_failed = false; // it cannot be made
    std::uint64_t m_end = 0;
};

} // namespace services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/host/host_probe.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

namespace services {
namespace {

using core::Bytes;
using core::Nanoseconds;

std::string readFile(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t numberOf(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::vector<std::string_view> words(std::string_view line) {
    std::vector<std::string_view> found;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(" \t", at)) != std::string_view::npos) {
        const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
        found.push_back(line.substr(at, end - at));
        at = end;
    }
    return found;
}

std::vector<std::string_view> lines(std::string_view text) {
    std::vector<std::string_view> found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        found.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return found;
}

/// The rest of the line that begins with `name`, up to the first colon or equals sign; empty if there is none.
std::string_view valueOf(std::string_view text, std::string_view name) {
    for (const std::string_view line : lines(text)) {
        const std::size_t mark = line.find_first_of(":=");
        if (mark == std::string_view::npos) {
            continue;
        }
        const std::string_view key = line.substr(0, line.find_last_not_of(" \t", mark - 1) + 1);
        if (key != name) {
            continue;
        }
        const std::size_t from = line.find_first_not_of(" \t", mark + 1);
        return from == std::string_view::npos ? std::string_view{} : line.substr(from);
    }
    return {};
}

Bytes kibibytes(std::string_view text, std::string_view name) {
    return {numberOf(valueOf(text, name)) * 1024};
}

Nanoseconds processCpu() {
    timespec used{};
    // Finer than the clock ticks of /proc/self/stat, of which a quarter of a second has 25.
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + Nanoseconds(used.tv_nsec);
}

core::Instant now() {
    return std::chrono::steady_clock::now();
}

struct Traffic {
    Bytes in, out;
};

Traffic trafficOf(std::string_view netDev) {
    Traffic sum;
    for (const std::string_view line : lines(netDev)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            continue; // the two lines of the head
        }
        const auto figures = words(line.substr(colon + 1));
        if (figures.size() < 9) {
            continue;
        }
        sum.in.count += numberOf(figures[0]);
        sum.out.count += numberOf(figures[8]);
    }
    return sum;
}

/// A container may use less than the machine has: control groups version 2, then version 1.
std::optional<double> cpuLimit() {
    const std::string text = readFile("/sys/fs/cgroup/cpu.max");
    const auto parts = words(text);
    if (parts.size() >= 2 && parts[0] != "max" && numberOf(parts[1]) > 0) {
        return static_cast<double>(numberOf(parts[0])) / static_cast<double>(numberOf(parts[1]));
    }
    const std::string quota = readFile("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    const std::uint64_t period = numberOf(readFile("/sys/fs/cgroup/cpu/cpu.cfs_period_us"));
    if (!quota.empty() && quota.front() != '-' && period > 0) {
        return static_cast<double>(numberOf(quota)) / static_cast<double>(period);
    }
    return std::nullopt;
}

std::string unquoted(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
}

} // namespace

HostProbe::HostProbe(std::filesystem::path proc)
    : m_proc(std::move(proc)), m_ticks(machineTicks()), m_at(now()), m_processCpu(processCpu()) {}

std::string HostProbe::read(const char* name) const {
    return readFile(m_proc / name);
}

HostProbe::MachineTicks HostProbe::machineTicks() const {
    MachineTicks ticks;
    const std::string text = read("stat");
    for (const std::string_view line : lines(text)) {
        if (!line.starts_with("cpu")) {
            break;
        }
        const auto figures = words(line);
        if (figures[0] != "cpu") {
            ++ticks.cores;
            continue;
        }
        // user nice system idle iowait irq softirq steal; guest time is part of user already (proc(5)).
        for (std::size_t i = 1; i < figures.size() && i <= 8; ++i) {
            ticks.all += numberOf(figures[i]);
            if (i != 4 && i != 5) {
                ticks.busy += numberOf(figures[i]);
            }
        }
    }
    return ticks;
}

core::HostSample HostProbe::sample() {
    core::HostSample sample;
    const core::Instant at = now();
    const Nanoseconds cpu = processCpu();
    if (at > m_at) {
        sample.processCpu =
            static_cast<double>((cpu - m_processCpu).count()) / static_cast<double>((at - m_at).count());
    }
    m_at = at;
    m_processCpu = cpu;

    const MachineTicks ticks = machineTicks();
    sample.cores = ticks.cores > 0 ? ticks.cores : static_cast<int>(std::thread::hardware_concurrency());
    // Two samples within one tick say nothing new. Idle time may step back a little on some kernels.
    if (ticks.all > m_ticks.all && ticks.busy >= m_ticks.busy) {
        const double share =
            static_cast<double>(ticks.busy - m_ticks.busy) / static_cast<double>(ticks.all - m_ticks.all);
        m_lastMachineCpu = std::min(share, 1.0) * sample.cores;
        m_ticks = ticks;
    }
    sample.machineCpu = m_lastMachineCpu;

    sample.residentSet = kibibytes(read("self/status"), "VmRSS");
    sample.memoryAvailable = kibibytes(read("meminfo"), "MemAvailable");
    const std::string io = read("self/io");
    sample.diskRead = {numberOf(valueOf(io, "read_bytes"))};
    sample.diskWritten = {numberOf(valueOf(io, "write_bytes"))};
    const Traffic traffic = trafficOf(read("net/dev"));
    sample.networkIn = traffic.in;
    sample.networkOut = traffic.out;
    return sample;
}

std::map<std::string, std::string> hostFacts() {
    std::map<std::string, std::string> facts;
    const std::string cpuInfo = readFile("/proc/cpuinfo");
    if (const auto model = valueOf(cpuInfo, "model name"); !model.empty()) {
        facts["cpu"] = model;
    }
    facts["cores"] = std::to_string(std::thread::hardware_concurrency());
    if (const auto limit = cpuLimit()) {
        facts["cpu limit"] = fmt::format("{:.2f} cores", *limit);
    }
    const double gibibytes =
        static_cast<double>(kibibytes(readFile("/proc/meminfo"), "MemTotal").count) / (1024.0 * 1024.0 * 1024.0);
    facts["memory"] = fmt::format("{:.1f} GiB", gibibytes);
    utsname names{};
    if (uname(&names) == 0) {
        facts["kernel"] = fmt::format("{} {} {}", names.sysname, names.release, names.machine);
        facts["host"] = names.nodename;
    }
    if (const std::string release = readFile("/etc/os-release"); !release.empty()) {
        facts["os"] = unquoted(valueOf(release, "PRETTY_NAME"));
    }
    return facts;
}

core::ClockPair clockPair() {
    core::ClockPair pair;
    // The wall clock between two readings of the monotonic one; the closest of a few, so that being scheduled away
    // in between does not shift every due time.
    Nanoseconds best = Nanoseconds::max();
    for (int attempt = 0; attempt < 5; ++attempt) {
        const core::Instant before = now();
        const core::WallTime wall = std::chrono::system_clock::now();
        const core::Instant after = now();
        if (after - before >= best) {
            continue;
        }
        best = after - before;
        pair.wall = wall;
        pair.monotonic = before + (after - before) / 2;
    }
    const std::string id = readFile("/proc/sys/kernel/random/boot_id");
    pair.bootId = id.substr(0, id.find('\n'));
    return pair;
}

} // namespace services

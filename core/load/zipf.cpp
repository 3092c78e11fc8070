// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/zipf.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

/// (e^x − 1) / x and log(1 + x) / x, also near x = 0, where an exponent of 1 leads.
double expm1OverX(double x) {
    return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x / 2;
}
double log1pOverX(double x) {
    return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x / 2;
}

} // namespace

Zipf::Zipf(double exponent, std::uint64_t ranks)
    : m_exponent(exponent),
      m_ranks(static_cast<double>(ranks)),
      m_low(integral(1.5) - 1),
      m_high(integral(m_ranks + 0.5)),
      m_sure(2 - inverseIntegral(integral(2.5) - density(2))) {}

double Zipf::density(double x) const {
    return std::exp(-m_exponent * std::log(x));
}

double Zipf::integral(double x) const {
    const double logarithm = std::log(x);
    return expm1OverX((1 - m_exponent) * logarithm) * logarithm;
}

double Zipf::inverseIntegral(double area) const {
    const double scaled = std::max(-1.0, area * (1 - m_exponent)); // rounding may pass the pole by a hair
    return std::exp(log1pOverX(scaled) * area);
}

std::uint64_t Zipf::propose(double uniform) const {
    const double area = m_high + uniform * (m_low - m_high);
    const double x = inverseIntegral(area);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, m_ranks);
    if (rank - x <= m_sure || area >= integral(rank + 0.5) - density(rank)) {
        return static_cast<std::uint64_t>(rank);
    }
    return 0;
}

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/random.h"

#include <cstdint>

namespace core {

/// Draws ranks 1 to `ranks` with a probability in proportion to rank^-exponent, in constant time and memory.
/// Rejection-inversion: W. Hörmann, G. Derflinger, 'Rejection-inversion to generate variates from monotone discrete
/// distributions', ACM TOMACS 6 (1996).
class Zipf {
public:
    Zipf(double exponent, std::uint64_t ranks); ///< exponent ≥ 0, ranks ≥ 1

    template <typename Source>
    std::uint64_t draw(Source& random) const {
        while (true) {
            const std::uint64_t rank = propose(random.unit());
            if (rank != 0) {
                return rank;
            }
        }
    }

private:
    std::uint64_t propose(double uniform) const; ///< 0: rejected
    double density(double x) const;              ///< x^-exponent
    double integral(double x) const;             ///< of the density from 1
    double inverseIntegral(double area) const;

    double m_exponent;
    double m_ranks;
    double m_low;
    double m_high;
    double m_sure; ///< proposals this close to their rank are accepted without a look
};

} // namespace core

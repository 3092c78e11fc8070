// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace services {

/// Ends one of librdkafka's objects with the function for its kind.
template <auto Destroy>
struct HandleDeleter {
    template <typename T>
    void operator()(T* object) const {
        Destroy(object);
    }
};

} // namespace services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/grace_period.h"

namespace services {

GracePeriod::GracePeriod(std::stop_token first, core::Nanoseconds grace)
    : m_thread([this, first = std::move(first), grace](const std::stop_token& over) {
          const std::stop_callback relay(first, [this] {
              const std::scoped_lock lock(m_mutex); // so that the thread is either waiting or has yet to look
              m_wake.notify_all();
          });
          std::unique_lock lock(m_mutex);
          m_wake.wait(lock, over, [&] { return first.stop_requested(); });
          if (over.stop_requested()) {
              return;
          }
          m_wake.wait_for(lock, over, grace, [] { return false; });
          if (!over.stop_requested()) {
              m_second.request_stop();
          }
      }) {}

} // namespace services

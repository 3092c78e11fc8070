// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run_opening.h"

#include <cassert>
#include <utility>

namespace services {

RunOpening::RunOpening(RunOptions options)
    : m_thread([this, options = std::move(options)]() mutable {
          auto run = Run::start(std::move(options), m_giveUp.get_token());
          if (run) {
              m_result = std::unique_ptr<core::RunControl>(std::move(*run));
          } else {
              m_result = run.error();
          }
          m_done.store(true, std::memory_order_release);
      }) {}

RunOpening::~RunOpening() {
    if (m_thread.joinable()) { // else the run has been taken, and its store still asks the token
        giveUp();
    }
}

core::Result<std::unique_ptr<core::RunControl>> RunOpening::release() {
    if (m_thread.joinable()) {
        m_thread.join();
    }
    assert(m_result);
    return *std::exchange(m_result, std::nullopt);
}

} // namespace services

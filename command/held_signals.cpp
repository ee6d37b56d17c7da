// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/held_signals.h"

#include <pthread.h>
#include <algorithm>
#include <iterator>

namespace assay {
namespace {

constexpr int kEndingSignals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

}  // namespace

void HeldSignals::hold() {
  if (holds_) return;
  sigset_t ending;
  ::sigemptyset(&ending);
  for (const int signal : kEndingSignals) {
    struct sigaction now {};
    // One that is ignored, as nohup has it, would wait and end nothing.
    if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) ::sigaddset(&ending, signal);
  }
  holds_ = ::pthread_sigmask(SIG_BLOCK, &ending, &before_) == 0;
}

void HeldSignals::release() {
  if (std::exchange(holds_, false)) ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool HeldSignals::pending() {
  sigset_t waiting;
  return ::sigpending(&waiting) == 0 &&
         std::any_of(std::begin(kEndingSignals), std::end(kEndingSignals),
                     [&](int signal) { return ::sigismember(&waiting, signal) == 1; });
}

}  // namespace assay

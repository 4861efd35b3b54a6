#include "client/in_flight.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace dataip::client {

void ForEachInFlight(size_t count, size_t in_flight,
                     const std::function<bool(size_t)>& body) {
  std::atomic<size_t> next{0};
  std::atomic<bool> stopped{false};
  const auto work = [&] {
    while (!stopped.load()) {
      const size_t index = next.fetch_add(1);
      if (index >= count) return;
      if (!body(index)) stopped.store(true);
    }
  };
  std::vector<std::thread> threads;
  const size_t others = std::min(count, in_flight);
  for (size_t i = 1; i < others; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace dataip::client

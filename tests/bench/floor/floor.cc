// What the machine can do at best, without any of our code: the bytes that
// formats 1 and 2 demand hashed, and written by a bare synced RocksDB loop.
//
//   floor write BATCH N DIR       512-byte puts, no hashing
//   floor append BATCH N DIR      hashed and written, overlapped
//   floor replay N lanes|single   all hashes again, on all cores
//   floor digest sha256|sm3|lanes N   1 KiB messages, one core
// Prints {"rate": how many a second}.
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <rocksdb/db.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/floor/sm3_lanes.h"

namespace {

constexpr size_t kPayload = 512, kHeader = 190, kRing = 16384, kTile = 8192;
constexpr size_t kAhead = 4;  // batches that hashing is before writing
using Bytes = std::vector<uint8_t>;

void Sm3(const uint8_t* data, size_t bytes, uint8_t* digest) {
  static const EVP_MD* const sm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  thread_local EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_DigestInit_ex2(context, sm3, nullptr);
  EVP_DigestUpdate(context, data, bytes);
  EVP_DigestFinal_ex(context, digest, nullptr);
}

void Sha256(const uint8_t* data, size_t bytes, uint8_t* digest) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, data, bytes);
  SHA256_Final(digest, &context);
}

void Sm3Items(const uint8_t* from, size_t bytes, bool lanes, uint8_t* digests) {
  if (lanes) return Sm3Of16(from, bytes, digests);
  for (int i = 0; i < 16; ++i) Sm3(from + i * bytes, bytes, digests + 32 * i);
}

struct Entries {
  Bytes payloads = Bytes(kRing * kPayload), headers = Bytes(kRing * kHeader);
  Entries() {
    RAND_bytes(payloads.data(), static_cast<int>(payloads.size()));
    RAND_bytes(headers.data(), static_cast<int>(headers.size()));
  }
};

// Sixteen entries: payload and header by both functions, and a tree node each.
// When `chained`, the SM3 of each header goes into the next one.
void HashSixteen(Entries& entries, size_t at, bool lanes, bool chained) {
  uint8_t digests[512], node[97] = {1};
  uint8_t* const headers = &entries.headers[at % kRing * kHeader];
  const uint8_t* const payloads = &entries.payloads[at % kRing * kPayload];
  Sm3Items(payloads, kPayload, lanes, digests);
  if (!chained) Sm3Items(headers, kHeader, lanes, digests);
  for (int i = 0; i < 16; ++i) {
    uint8_t* const header = headers + i * kHeader;
    Sha256(payloads + i * kPayload, kPayload, header + 60);
    if (chained) Sm3(header, kHeader, headers + (i + 1) % 16 * kHeader + 17);
    Sha256(header, kHeader, node + 1);
    Sha256(node, 65, node + 33);
  }
}

double Rate(size_t count, const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  return static_cast<double>(count) / seconds.count();
}

// One column family each for payloads, headers and tiles.
double Append(size_t batch, size_t count, const std::string& dir,
              bool hashing) {
  rocksdb::Options options;
  options.create_if_missing = options.create_missing_column_families = true;
  options.compression = rocksdb::kNoCompression;
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  if (!rocksdb::DB::Open(options, dir,
                         {{"default", options}, {"h", options}, {"t", options}},
                         &families, &db)
           .ok()) {
    std::abort();
  }
  Entries entries;
  std::atomic<size_t> hashed = hashing ? 0 : count, written = 0;
  rocksdb::WriteBatch writes;
  const auto put = [&](int family, uint64_t index, const Bytes& from,
                       size_t size) {
    const uint64_t key = __builtin_bswap64(index);
    writes.Put(
        families[family], {reinterpret_cast<const char*>(&key), 8},
        {reinterpret_cast<const char*>(&from[index * size % kRing]), size});
  };
  const double rate = Rate(count, [&] {
    std::thread hasher([&] {
      for (size_t at = 0; hashing && at < count; at += batch) {
        for (size_t now; at >= (now = written) + kAhead * batch;) {
          written.wait(now);
        }
        for (size_t i = 0; i < batch; i += 16) {
          HashSixteen(entries, at + i, true, true);
        }
        hashed = at + batch;
        hashed.notify_one();
      }
    });
    rocksdb::WriteOptions synced;
    synced.sync = true;
    for (size_t at = 0; at < count; at += batch) {
      for (size_t now; (now = hashed) < at + batch;) hashed.wait(now);
      writes.Clear();
      for (size_t i = at; i < at + batch; ++i) {
        put(0, i, entries.payloads, kPayload);
        if (hashing) put(1, i, entries.headers, kHeader);
        if (hashing && i % 256 == 255) put(2, i, entries.payloads, kTile);
      }
      if (!db->Write(synced, &writes).ok()) std::abort();
      written = at + batch;
      written.notify_one();
    }
    hasher.join();
  });
  for (auto* family : families) db->DestroyColumnFamilyHandle(family);
  delete db;
  return rate;
}

double Replay(size_t count, bool lanes) {
  std::atomic<size_t> next = 0;
  return Rate(count, [&] {
    const auto work = [&] {
      Entries entries;
      for (size_t at; (at = next.fetch_add(1024)) < count;) {
        for (size_t i = 0; i < 1024; i += 16)
          HashSixteen(entries, at + i, lanes, false);
      }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i)
      threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
  });
}

double Digests(const std::string& function, size_t count) {
  Entries entries;
  uint8_t out[512];
  return Rate(count, [&] {
    for (size_t i = 0; i < count; i += 16) {
      const uint8_t* const at = &entries.payloads[i % 4096 * 1024];
      if (function != "sha256") Sm3Items(at, 1024, function == "lanes", out);
      for (int n = 0; n < 16 && function == "sha256"; ++n)
        Sha256(at, 1024, out);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string what = words.empty() ? "" : words[0];
  double rate = 0;
  if (what == "replay" && words.size() == 3) {
    rate = Replay(std::stoul(words[1]), words[2] == "lanes");
  } else if ((what == "write" || what == "append") && words.size() == 4) {
    rate = Append(std::stoul(words[1]), std::stoul(words[2]), words[3],
                  what == "append");
  } else if (what == "digest" && words.size() == 3) {
    rate = Digests(words[1], std::stoul(words[2]));
  } else {
    return 2;
  }
  std::printf("{\"rate\": %.0f}\n", rate);
}

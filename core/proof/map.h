// The map from names to the SHA-256 of their status records: a compact sparse
// Merkle tree over key_hash = SHA-256(key), most significant bit first
// (formats.md 4).
//
//   no key       32 zero bytes
//   one key      SHA-256(0x02 || key_hash || value)
//   otherwise    SHA-256(0x03 || left || right)
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/hash/hash.h"

namespace dataip::proof {

using hash::Hash;

struct MapProof {
  struct Terminal {
    Hash key_hash;
    Hash value;

    friend bool operator==(const Terminal&, const Terminal&) = default;
  };

  // From the root down, at most 256.
  std::vector<Hash> siblings;
  // The leaf where the descent ends; nothing for an empty subtree.
  std::optional<Terminal> terminal;

  friend bool operator==(const MapProof&, const MapProof&) = default;
};

Hash MapKeyHash(std::string_view key);

// A key with the hash of its leaf.
struct MapLeaf {
  Hash key_hash;
  Hash hash;
};

Hash MapLeafHash(const Hash& key_hash, const Hash& value);
Hash MapNodeHash(const Hash& left, const Hash& right);

// The hash of a subtree where its parent, at bit `depth` - 1, sees it. The
// leaves ascend, no two are alike, and all share their first `depth` bits.
Hash MapSubtreeHash(std::span<const MapLeaf> leaves, size_t depth);

// Goes on with the descent by `key_hash` through such a subtree, at the depth
// that `siblings` has reached: appends to them, and returns which leaf it ends
// at; nothing for an empty end.
std::optional<size_t> MapDescend(std::span<const MapLeaf> leaves,
                                 const Hash& key_hash,
                                 std::vector<Hash>& siblings);

// True when the map with `root` holds `value` under `key`.
bool VerifyPresence(std::string_view key, const Hash& value,
                    const MapProof& proof, const Hash& root);

// True when the map with `root` holds nothing under `key`.
bool VerifyAbsence(std::string_view key, const MapProof& proof,
                   const Hash& root);

// A map in memory, made for a million keys: a binary trie whose nodes keep
// their hash and skip the bits that all keys below share. Setting or proving
// a key touches O(log n) nodes.
//
// A value whose copies share their nodes, which never change: copying is O(1)
// and keeps that version; copies may be used from different threads. One Map
// object is for one thread at a time, const use of it for any number.
class Map {
 public:
  void Set(std::string_view key, const Hash& value);
  void Set(const Hash& key_hash, const Hash& value);

  std::optional<Hash> Get(std::string_view key) const;
  std::optional<Hash> Get(const Hash& key_hash) const;

  size_t size() const { return size_; }
  Hash Root() const;

  // Of presence or of absence, as the case is.
  MapProof Prove(std::string_view key) const;
  MapProof Prove(const Hash& key_hash) const;

  // Every key hash with its value, key hashes ascending.
  void ForEach(const std::function<void(const Hash& key_hash,
                                        const Hash& value)>& visit) const;

  struct Node;  // for map.cc

 private:
  std::shared_ptr<const Node> root_;
  size_t size_ = 0;
};

}  // namespace dataip::proof

#include "core/hash/hash.h"

#include <string>
#include <thread>
#include <vector>

#include "core/base/hex.h"
#include "gtest/gtest.h"

namespace dataip::hash {
namespace {

std::string Hex(const Hash& hash) { return base::HexEncode(hash.span()); }

// "abcd" 16 times: the second example of GB/T 32905 appendix A.
std::string Abcd16() {
  std::string text;
  for (int i = 0; i < 16; ++i) text += "abcd";
  return text;
}

TEST(HashFrom, RefusesOtherLengths) {
  const std::string bytes(33, 'x');
  EXPECT_FALSE(Hash::From(Bytes()));
  EXPECT_FALSE(Hash::From(AsBytes(bytes).first(31)));
  EXPECT_FALSE(Hash::From(AsBytes(bytes)));
  EXPECT_TRUE(Hash::From(AsBytes(bytes).first(32)));
}

TEST(HashOrder, ComparesAsUnsignedBytes) {
  Hash low;
  Hash high;
  low.bytes[0] = 0x7f;
  high.bytes[0] = 0x80;
  EXPECT_LT(low, high);
  EXPECT_NE(low, high);
  low.bytes[0] = 0x80;
  low.bytes[31] = 1;
  EXPECT_GT(low, high);
}

TEST(HashIsZero, IsTrueForZerosOnly) {
  Hash hash;
  EXPECT_TRUE(hash.IsZero());
  hash.bytes[31] = 1;
  EXPECT_FALSE(hash.IsZero());
}

TEST(Sha256, GivesTheAnswersOfFips180) {
  EXPECT_EQ(Hex(Sha256(AsBytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256(AsBytes(""))),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256(AsBytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmn"
                               "lmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039"
            "a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hex(Sha256(AsBytes(std::string(1'000'000, 'a')))),
            "cdc76e5c9914fb9281a1c7e284d73e67"
            "f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sm3, GivesTheAnswersOfGbt32905) {
  EXPECT_EQ(Hex(Sm3(AsBytes("abc"))),
            "66c7f0f462eeedd9d1f2d46bdc10e4e2"
            "4167c4875cf2f7a2297da02b8f4ba8e0");
  EXPECT_EQ(Hex(Sm3(AsBytes(Abcd16()))),
            "debe9ff92275b8a138604889c18e5a4d"
            "6fdb70e5387e5765293dcba39c0c5732");
  EXPECT_EQ(Hex(Sm3(AsBytes(""))),
            "1ab21d8355cfa17f8e61194831e81a8f"
            "22bec8c728fefb747ed035eb5082aa2b");
}

TEST(HmacSha256, GivesTheAnswersOfRfc4231) {
  const std::string key1(20, '\x0b');
  EXPECT_EQ(Hex(HmacSha256(AsBytes(key1), {AsBytes("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b"
            "881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256(AsBytes("Jefe"), {AsBytes("what do ya want "),
                                             AsBytes("for nothing?")})),
            "5bdcc146bf60754e6a042426089575c7"
            "5a003f089d2739839dec58b964ec3843");
  const std::string long_key(131, '\xaa');
  EXPECT_EQ(Hex(HmacSha256(AsBytes(long_key),
                           {AsBytes("Test Using Larger Than Block-Size Key - "
                                    "Hash Key First")})),
            "60e431591ee0b67f0d8a26aacbf5b77f"
            "8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSm3, FollowsRfc2104) {
  // HMAC by its definition, for a key of one block and a longer one.
  for (const size_t key_bytes : {1, 63, 64, 65, 200}) {
    const std::string key(key_bytes, 'k');
    std::string padded = key;
    if (key.size() > 64) padded = std::string(Sm3(AsBytes(key)).text());
    padded.resize(64, '\0');
    std::string inner_pad = padded;
    std::string outer_pad = padded;
    for (char& c : inner_pad) c ^= 0x36;
    for (char& c : outer_pad) c ^= 0x5c;
    const Hash inner = Sm3({AsBytes(inner_pad), AsBytes("message")});
    EXPECT_EQ(HmacSm3(AsBytes(key), {AsBytes("mess"), AsBytes("age")}),
              Sm3({AsBytes(outer_pad), inner.span()}))
        << key_bytes;
  }
}

TEST(Stream, GivesTheSameForEveryCut) {
  std::string text;
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<char>(i));
  for (size_t size = 0; size <= 200; ++size) {
    const Bytes bytes = AsBytes(text).first(size);
    for (const size_t cut : {size_t{0}, size / 3, size / 2, size}) {
      Sha256Stream sha256;
      sha256.Update(bytes.first(cut));
      sha256.Update(bytes.subspan(cut));
      EXPECT_EQ(sha256.Finish(), Sha256(bytes));
      Sm3Stream sm3;
      sm3.Update(bytes.first(cut));
      sm3.Update(bytes.subspan(cut));
      EXPECT_EQ(sm3.Finish(), Sm3(bytes));
    }
  }
}

TEST(Stream, IsAsNewAfterFinish) {
  Sha256Stream sha256;
  sha256.Update(AsBytes("first"));
  sha256.Finish();
  sha256.Update(AsBytes("abc"));
  EXPECT_EQ(sha256.Finish(), Sha256(AsBytes("abc")));
  Sm3Stream sm3;
  sm3.Update(AsBytes("first"));
  sm3.Finish();
  EXPECT_EQ(sm3.Finish(), Sm3(AsBytes("")));
}

TEST(Stream, MovesWithItsState) {
  Sha256Stream first;
  first.Update(AsBytes("ab"));
  Sha256Stream second = std::move(first);
  second.Update(AsBytes("c"));
  EXPECT_EQ(second.Finish(), Sha256(AsBytes("abc")));
}

TEST(Many, GivesWhatOneByOneGives) {
  std::vector<std::string> texts;
  for (int i = 0; i < 70; ++i) texts.push_back(std::string(i * 3, 'm'));
  std::vector<Bytes> data(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) data[i] = AsBytes(texts[i]);
  std::vector<Hash> sha256(texts.size());
  std::vector<Hash> sm3(texts.size());
  Sha256Many(data, sha256);
  Sm3Many(data, sm3);
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(sha256[i], Sha256(data[i]));
    EXPECT_EQ(sm3[i], Sm3(data[i]));
  }
}

TEST(TreeHashes, TellLeavesFromNodes) {
  const Hash a = LeafHash(AsBytes("a"));
  const Hash b = LeafHash(AsBytes("b"));
  EXPECT_EQ(Hex(LeafHash(AsBytes(""))),
            "6e340b9cffb37a989ca544e6bb780a2c"
            "78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(NodeHash(a, b), Sha256({AsBytes("\x01"), a.span(), b.span()}));
  EXPECT_NE(NodeHash(a, b), NodeHash(b, a));
}

TEST(TreeHashes, OfManyAreThoseOfEach) {
  std::vector<std::string> texts;
  std::vector<Bytes> records;
  std::vector<Hash> children;
  for (size_t size = 0; size < 1'400; ++size) {
    texts.push_back(std::string(size % 200, static_cast<char>(size)));
    children.push_back(Sha256(AsBytes(texts.back())));
  }
  for (const std::string& text : texts) records.push_back(AsBytes(text));
  std::vector<Hash> leaves(records.size());
  LeafHashMany(records, leaves);
  std::vector<Hash> parents(children.size() / 2);
  NodeHashMany(children, parents);
  for (size_t i = 0; i < leaves.size(); ++i) {
    EXPECT_EQ(leaves[i], LeafHash(records[i])) << i;
  }
  for (size_t i = 0; i < parents.size(); ++i) {
    EXPECT_EQ(parents[i], NodeHash(children[2 * i], children[2 * i + 1])) << i;
  }
}

TEST(Hashing, WorksFromManyThreads) {
  std::vector<std::thread> threads;
  std::vector<Hash> results(8);
  for (size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&results, i] {
      for (int round = 0; round < 200; ++round) {
        results[i] = Sm3(Sha256(AsBytes("threads")).span());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Hash& result : results) EXPECT_EQ(result, results[0]);
}

}  // namespace
}  // namespace dataip::hash

#include "services/ledger/message.h"

#include "client/status.h"
#include "core/base/limits.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "gtest/gtest.h"

namespace dataip::ledger {
namespace {

v1::AppendRequest OneEntry() {
  v1::AppendRequest request;
  v1::NewEntry* entry = request.add_entries();
  entry->set_type("test.Entry");
  entry->set_payload("bytes");
  return request;
}

// The field that the refusal names, "" when it is accepted.
std::string RefusedField(const v1::AppendRequest& request) {
  const auto message = Prepare(request);
  if (message.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(message.status()));
  const auto detail = client::ErrorDetailOf(message.status());
  EXPECT_FALSE(detail->message_zh().empty());
  return detail->field_violations(0).field();
}

void AddUpdate(const std::string& key, v1::AppendRequest& request) {
  v1::MapUpdate* update = request.mutable_entries(0)->add_updates();
  update->set_key(key);
  update->set_value_sha256(std::string(32, 'v'));
}

TEST(Prepare, RefusesAMessageWithoutEntries) {
  EXPECT_EQ(RefusedField(v1::AppendRequest()), "entries");
}

TEST(Prepare, RefusesTooManyEntries) {
  v1::AppendRequest request;
  for (size_t i = 0; i <= limits::kEntriesPerMessage; ++i) {
    request.add_entries()->set_type("t");
  }
  EXPECT_EQ(RefusedField(request), "entries");
}

TEST(Prepare, RefusesTypesOfTheLedger) {
  auto request = OneEntry();
  request.mutable_entries(0)->set_type("dataip.ledger.v1.Seal");
  EXPECT_EQ(RefusedField(request), "entries[0].type");
}

TEST(Prepare, RefusesAnEmptyTypeOrOneWithASpace) {
  auto request = OneEntry();
  request.mutable_entries(0)->set_type("");
  EXPECT_EQ(RefusedField(request), "entries[0].type");
  request.mutable_entries(0)->set_type("a b");
  EXPECT_EQ(RefusedField(request), "entries[0].type");
}

TEST(Prepare, RefusesAStreamThatIsTooLong) {
  auto request = OneEntry();
  request.mutable_entries(0)->set_stream(
      std::string(limits::kStreamBytes + 1, 's'));
  EXPECT_EQ(RefusedField(request), "entries[0].stream");
}

TEST(Prepare, RefusesAPayloadThatIsTooLarge) {
  auto request = OneEntry();
  request.mutable_entries(0)->set_payload(
      std::string(limits::kPayloadBytes + 1, 'p'));
  EXPECT_EQ(RefusedField(request), "entries[0].payload");
  request.mutable_entries(0)->set_payload(
      std::string(limits::kPayloadBytes, 'p'));
  EXPECT_EQ(RefusedField(request), "");
}

TEST(Prepare, RefusesKeysThatDoNotAscend) {
  auto request = OneEntry();
  AddUpdate("b", request);
  AddUpdate("a", request);
  EXPECT_EQ(RefusedField(request), "entries[0].updates[1].key");
}

TEST(Prepare, RefusesARepeatedKey) {
  auto request = OneEntry();
  AddUpdate("a", request);
  AddUpdate("a", request);
  EXPECT_NE(RefusedField(request), "");
}

TEST(Prepare, RefusesAValueOfAnotherLength) {
  auto request = OneEntry();
  AddUpdate("a", request);
  request.mutable_entries(0)->mutable_updates(0)->set_value_sha256("short");
  EXPECT_EQ(RefusedField(request), "entries[0].updates[0].value_sha256");
}

TEST(Prepare, RefusesANegativeBound) {
  auto request = OneEntry();
  request.set_not_after_ms(-1);
  EXPECT_NE(RefusedField(request), "");
}

TEST(Prepare, EncodesEachEntryWithTheDigestsOfItsPayload) {
  auto request = OneEntry();
  AddUpdate("a", request);
  for (int i = 0; i < 40; ++i) {
    v1::NewEntry* entry = request.add_entries();
    entry->set_type("test.Other");
    entry->set_stream("things/1");
    entry->set_payload(std::string(i * 7, 'p'));
  }
  const auto message = Prepare(request);
  ASSERT_TRUE(message.ok()) << message.status();
  ASSERT_EQ(message->entries.size(), 41u);
  for (int i = 0; i < request.entries_size(); ++i) {
    const PreparedEntry& entry = message->entries[i];
    const auto header = proof::DecodeHeader(hash::AsBytes(entry.header));
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(header->type, request.entries(i).type());
    EXPECT_EQ(header->stream, request.entries(i).stream());
    EXPECT_EQ(entry.payload, request.entries(i).payload());
    EXPECT_TRUE(proof::PayloadMatches(*header, hash::AsBytes(entry.payload)));
    EXPECT_EQ(header->updates.size(), i == 0 ? 1u : 0u);
  }
}

TEST(Prepare, CountsAllThatAMessageOccupies) {
  auto request = OneEntry();
  for (int i = 0; i < static_cast<int>(limits::kUpdatesPerEntry); ++i) {
    AddUpdate(std::to_string(1'000 + i), request);
  }
  request.mutable_entries(0)->set_payload(std::string(1'000, 'p'));
  auto message = Prepare(request);
  ASSERT_TRUE(message.ok()) << message.status();
  const PreparedEntry& entry = message->entries.front();
  EXPECT_EQ(entry.changes.size(), limits::kUpdatesPerEntry);
  EXPECT_GE(message->bytes, 1'000 + entry.header.size() +
                                entry.changes.size() * sizeof(MapChange) +
                                sizeof(PreparedEntry));
}

TEST(Prepare, GivesOtherDigestsToOtherMessages) {
  const auto base = Prepare(OneEntry());
  auto request = OneEntry();
  request.set_epoch(7);
  request.set_sequence(9);
  EXPECT_EQ(Prepare(request)->digest, base->digest);
  request = OneEntry();
  request.mutable_entries(0)->set_payload("Bytes");
  EXPECT_NE(Prepare(request)->digest, base->digest);
  request = OneEntry();
  request.mutable_entries(0)->set_stream("s");
  EXPECT_NE(Prepare(request)->digest, base->digest);
  request = OneEntry();
  request.add_entries()->set_type("test.Entry");
  EXPECT_NE(Prepare(request)->digest, base->digest);
}

}  // namespace
}  // namespace dataip::ledger

// What a mirror erases and removes, and what it leaves alone.
#include "tests/unit/client/export/mirror_fixture.h"

namespace dataip::client {
namespace {

TEST_F(MirrorTest, ErasesWhatAnOrderOnTheLedgerErases) {
  for (const int count : {10, 300}) {
    fs::remove_all(folder);
    std::vector<Draft> drafts = Drafts(count);
    ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
    EXPECT_TRUE(HoldsSecret());
    EXPECT_EQ(BrokenRule(), "");
    drafts.push_back(OrderDraft(2, kSecret));
    drafts.push_back(test::SealDraft(kTimeMs));
    ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
    EXPECT_FALSE(HoldsSecret());
    // The test's order has no substitute; all files are as they must be.
    EXPECT_EQ(BrokenRule(), "erasure.order");
    drafts.push_back(EntryDraft("later"));
    drafts.push_back(test::SealDraft(kTimeMs));
    ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
    EXPECT_FALSE(HoldsSecret());
  }
}

TEST_F(MirrorTest, ErasesNothingWithoutAnOrderOfRoot) {
  EXPECT_FALSE(KeepsSecretAfter(OrderDraft(2, kSecret)));
  Draft other_stream = OrderDraft(2, kSecret);
  other_stream.stream = "clock";
  EXPECT_TRUE(KeepsSecretAfter(other_stream));
  EXPECT_TRUE(KeepsSecretAfter(OrderDraft(2, "other bytes")));
  EXPECT_TRUE(KeepsSecretAfter(OrderDraft(12, kSecret)));
  Draft unusual = OrderDraft(2, kSecret);
  unusual.payload += std::string("\x98\x06\0", 3);  // an unknown field
  EXPECT_TRUE(KeepsSecretAfter(unusual));

  registry::v1::Transition order = Order(2, kSecret);
  registry::v1::Command command;
  ASSERT_TRUE(command.ParseFromString(order.command().command()));
  const auto another =
      *crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  EXPECT_TRUE(KeepsSecretAfter(TransitionDraft(Signed(command, another))));
  order.mutable_command()
      ->mutable_signatures(0)
      ->mutable_signature()
      ->front() ^= 1;
  EXPECT_TRUE(KeepsSecretAfter(TransitionDraft(order)));
  order.mutable_command()->clear_signatures();
  EXPECT_TRUE(KeepsSecretAfter(TransitionDraft(order)));
  order.clear_command();
  EXPECT_TRUE(KeepsSecretAfter(TransitionDraft(order)));
  // Signed for one entry, said of another.
  order = Order(3, "payload 3");
  *order.mutable_events() = Order(2, kSecret).events();
  EXPECT_TRUE(KeepsSecretAfter(TransitionDraft(order)));
}

TEST_F(MirrorTest, RemovesNothingButItsOwnPartialFiles) {
  std::vector<Draft> drafts = Drafts(10);
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  fs::create_directories(dir / "victim");
  test::WriteFile(dir / "victim/x", "y");
  test::WriteFile(folder + "/.mirror/old",
                  "../victim\n.mirror\ncheckpoint\ntile\ntile/0\n"
                  "tile/0/../../../victim\n/" +
                      dir / "victim\n");
  drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  EXPECT_TRUE(fs::exists(dir / "victim/x"));
  EXPECT_EQ(BrokenRule(), "");
}

TEST_F(MirrorTest, FollowsNoLink) {
  fs::create_directories(folder + "/.mirror");
  fs::create_directories(dir / "outside");
  fs::create_directory_symlink(dir / "outside", folder + "/tile");
  EXPECT_TRUE(absl::IsFailedPrecondition(Mirror(BookOf(Drafts(3)))));
  EXPECT_TRUE(fs::is_empty(dir / "outside"));
}

TEST_F(MirrorTest, DiscardsABrokenCheckpointThatItHadBegun) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(10))).ok());
  test::WriteFile(folder + "/.mirror/next", "x");
  const absl::Status status = LedgerMirror::Open(folder, trust).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_NE(status.message().find("/.mirror/next"), std::string::npos);
  EXPECT_TRUE(LedgerMirror::Open(folder, trust).ok());
}

TEST_F(MirrorTest, ErasesAfterACrashBetweenCheckpointAndErasure) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(10))).ok());
  test::WriteFile(folder + "/.mirror/erase", "11\n2\n");
  ASSERT_TRUE(LedgerMirror::Open(folder, trust).ok());
  EXPECT_FALSE(HoldsSecret());
}

TEST_F(MirrorTest, ErasesNothingForACheckpointThatWasNotServed) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(10))).ok());
  test::WriteFile(folder + "/.mirror/erase", "12\n2\n");
  ASSERT_TRUE(LedgerMirror::Open(folder, trust).ok());
  EXPECT_TRUE(HoldsSecret());
}

TEST_F(MirrorTest, WaitsForTheCheckpointThatCoversAnOrder) {
  const Book book = BookOf(Drafts(3));
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE(mirror.ok()) << mirror.status();
  ASSERT_TRUE((*mirror)->Begin(book.checkpoint).ok());
  ExportedEntry entry{book.headers[0], "", ExportedEntry::Payload::kErased};
  entry.erased_by = 9;
  ASSERT_TRUE((*mirror)->Add(entry).ok());
  EXPECT_EQ((*mirror)->needed_size(), 10);
}

TEST_F(MirrorTest, ErasesByAnOrderThatWasStaged) {
  std::vector<Draft> drafts = Drafts(10);
  drafts.push_back(OrderDraft(2, kSecret));
  for (int i = 0; i < 600; ++i) drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  const Book book = BookOf(drafts);
  Stop(book, 400);
  EXPECT_TRUE(HoldsSecret());
  ASSERT_TRUE(Mirror(book).ok());
  EXPECT_FALSE(HoldsSecret());
}

}  // namespace
}  // namespace dataip::client

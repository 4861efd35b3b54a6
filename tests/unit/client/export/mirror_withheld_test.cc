// A mirror begun under a name that may not read payloads.
#include "client/export/mirror_withheld.h"

#include "tests/unit/client/export/mirror_fixture.h"

namespace dataip::client {
namespace {

using Payload = ExportedEntry::Payload;

class WithheldTest : public MirrorTest {
 protected:
  // An advance of somebody who may not read payloads.
  absl::Status MirrorWithout(const Book& book) const {
    auto mirror = LedgerMirror::Open(folder, trust);
    if (!mirror.ok()) return mirror.status();
    const auto begun = (*mirror)->Begin(book.checkpoint);
    if (!begun.ok()) return begun.status();
    for (uint64_t i = (*mirror)->added(); i < book.size(); ++i) {
      const absl::Status added =
          (*mirror)->Add({book.headers[i], "", Payload::kNotForThisReader});
      if (!added.ok()) return added;
    }
    return (*mirror)->Commit(nullptr);
  }

  static FetchEntries From(const Book& book) {
    return [&book](uint64_t first, uint64_t count) {
      std::vector<ExportedEntry> entries;
      for (uint64_t i = first; i < first + count; ++i) {
        entries.push_back({book.headers[i], book.payloads[i]});
      }
      return entries;
    };
  }

  absl::StatusOr<bool> Fill(const FetchEntries& fetch) const {
    auto mirror = LedgerMirror::Open(folder, trust);
    if (!mirror.ok()) return mirror.status();
    return (*mirror)->FillIn(fetch);
  }

  uint64_t Withheld() const {
    const auto mirror = LedgerMirror::Open(folder, trust);
    EXPECT_TRUE(mirror.ok()) << mirror.status();
    return mirror.ok() ? (*mirror)->withheld() : 0;
  }
};

TEST_F(WithheldTest, TakesNoPayloadThatIsNotTheHeaders) {
  const Book book = BookOf(Drafts(10));
  ASSERT_TRUE(MirrorWithout(book).ok());
  Book changed = book;
  changed.payloads[4] += "x";
  EXPECT_TRUE(absl::IsDataLoss(Fill(From(changed)).status()));
  changed = book;
  changed.headers[4] = book.headers[5];
  EXPECT_TRUE(absl::IsDataLoss(Fill(From(changed)).status()));
  EXPECT_EQ(Withheld(), book.size());
  EXPECT_FALSE(HoldsSecret());
}

TEST_F(WithheldTest, TakesNoFewerEntriesThanItAskedFor) {
  const Book book = BookOf(Drafts(10));
  ASSERT_TRUE(MirrorWithout(book).ok());
  EXPECT_TRUE(absl::IsDataLoss(Fill([](uint64_t, uint64_t) {
                                 return std::vector<ExportedEntry>(3);
                               }).status()));
  EXPECT_EQ(Withheld(), book.size());
}

TEST_F(WithheldTest, StaysAsItIsWhileItMayNotRead) {
  const Book book = BookOf(Drafts(600));
  ASSERT_TRUE(MirrorWithout(book).ok());
  int asked = 0;
  const auto filled = Fill([&](uint64_t first, uint64_t count) {
    ++asked;
    std::vector<ExportedEntry> entries;
    for (uint64_t i = first; i < first + count; ++i) {
      entries.push_back({book.headers[i], "", Payload::kNotForThisReader});
    }
    return entries;
  });
  ASSERT_TRUE(filled.ok()) << filled.status();
  EXPECT_FALSE(*filled);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(Withheld(), book.size());
}

TEST_F(WithheldTest, TakesNoErasureWhoseOrderItDoesNotHold) {
  const Book book = BookOf(Drafts(10));
  ASSERT_TRUE(MirrorWithout(book).ok());
  const auto filled = Fill([&](uint64_t first, uint64_t count) {
    auto entries = *From(book)(first, count);
    entries[2] = {book.headers[2], "", Payload::kErased};
    entries[2].erased_by = book.size();
    return entries;
  });
  ASSERT_TRUE(filled.ok()) << filled.status();
  EXPECT_EQ(Withheld(), 1);
}

TEST_F(WithheldTest, IsWhatAReaderWouldHaveMirrored) {
  for (const int count : {10, 255, 300, 600}) {
    fs::remove_all(folder);
    const Book book = BookOf(Drafts(count));
    ASSERT_TRUE(MirrorWithout(book).ok());
    EXPECT_EQ(Withheld(), book.size());
    const auto filled = Fill(From(book));
    ASSERT_TRUE(filled.ok()) << filled.status();
    EXPECT_TRUE(*filled);
    EXPECT_EQ(Withheld(), 0);
    EXPECT_TRUE(HoldsSecret());
    EXPECT_EQ(BrokenRule(), "");
    EXPECT_FALSE(*Fill(nullptr));
  }
}

TEST_F(WithheldTest, GoesOnInEitherOrder) {
  std::vector<Draft> drafts = Drafts(100);
  ASSERT_TRUE(MirrorWithout(BookOf(drafts)).ok());
  const uint64_t first = drafts.size();
  for (int i = 0; i < 400; ++i) drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  EXPECT_EQ(Withheld(), first);
  ASSERT_TRUE(*Fill(From(BookOf(drafts))));
  drafts.push_back(EntryDraft("last"));
  drafts.push_back(test::SealDraft(kTimeMs));
  ASSERT_TRUE(MirrorWithout(BookOf(drafts)).ok());
  EXPECT_EQ(Withheld(), 2);
  ASSERT_TRUE(*Fill(From(BookOf(drafts))));
  EXPECT_EQ(Withheld(), 0);
  EXPECT_EQ(BrokenRule(), "");
}

TEST_F(WithheldTest, ObeysTheOrderThatItCanReadOnlyNow) {
  std::vector<Draft> drafts = Drafts(10);
  drafts.push_back(OrderDraft(2, kSecret));
  for (int i = 0; i < 300; ++i) drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  const Book book = BookOf(drafts);
  ASSERT_TRUE(MirrorWithout(book).ok());
  ASSERT_TRUE(*Fill(From(book)));
  EXPECT_FALSE(HoldsSecret());
  // The test's order has no substitute; all files are as they must be.
  EXPECT_EQ(BrokenRule(), "erasure.order");
}

TEST_F(WithheldTest, CountsWhatNobodyWroteDown) {
  const Book book = BookOf(Drafts(300));
  ASSERT_TRUE(MirrorWithout(book).ok());
  for (const char* damaged : {"", "0 x\n", "0\n", "0 0\n"}) {
    if (*damaged == '\0') fs::remove(folder + "/" + kWithheldFile);
    if (*damaged != '\0') {
      test::WriteFile(folder + "/" + kWithheldFile, damaged);
    }
    EXPECT_EQ(Withheld(), book.size()) << damaged;
  }
}

TEST_F(WithheldTest, RemembersWhatWasStaged) {
  const Book book = BookOf(Drafts(600));
  {
    const auto mirror = LedgerMirror::Open(folder, trust);
    ASSERT_TRUE((*mirror)->Begin(book.checkpoint).ok());
    for (uint64_t i = 0; i < 300; ++i) {
      ASSERT_TRUE((*mirror)
                      ->Add({book.headers[i], "", Payload::kNotForThisReader})
                      .ok());
    }
  }
  ASSERT_TRUE(Mirror(book).ok());
  EXPECT_EQ(Withheld(), 256);
}

}  // namespace
}  // namespace dataip::client

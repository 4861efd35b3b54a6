#include "client/import_journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace dataip::client {
namespace {

const ImportJournal::Binding kBinding = {"ledger.example/1", "P0000001"};

class ImportJournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() /
            ("journal-" + std::to_string(::getpid()) + "-" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove(path_);
    row_.file_sha256.bytes[0] = 7;
    row_.expires_at_ms = 1234;
    row_.request.emplace().mutable_command()->set_command("bytes");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_;
  JournalRow row_;
};

TEST_F(ImportJournalTest, RefusesTheJournalOfAnotherPartyOrLedger) {
  ASSERT_TRUE(ImportJournal::Open(path_, kBinding).ok());
  for (const ImportJournal::Binding& other :
       {ImportJournal::Binding{"ledger.example/2", "P0000001"},
        ImportJournal::Binding{"ledger.example/1", "P0000002"}}) {
    EXPECT_EQ(ImportJournal::Open(path_, other).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

TEST_F(ImportJournalTest, RefusesAHigherFormat) {
  std::ofstream(path_) << "{\"format\":2}\n";
  EXPECT_EQ(ImportJournal::Open(path_, kBinding).status().code(),
            absl::StatusCode::kUnimplemented);
}

TEST_F(ImportJournalTest, RefusesABrokenLineInTheMiddle) {
  {
    auto journal = *ImportJournal::Open(path_, kBinding);
    ASSERT_TRUE(journal->Signed("a", row_).ok());
  }
  std::ofstream(path_, std::ios::app) << "{\"event\":\n{}\n";
  EXPECT_EQ(ImportJournal::Open(path_, kBinding).status().code(),
            absl::StatusCode::kInternal);
}

// The flag stands outside the signature: the answer to a look would pass for
// that to a filing.
TEST_F(ImportJournalTest, RefusesARequestThatFilesNothing) {
  row_.request->set_validate_only(true);
  {
    auto journal = *ImportJournal::Open(path_, kBinding);
    ASSERT_TRUE(journal->Signed("a", row_).ok());
    ASSERT_TRUE(journal->Filed("b", "20240000001", row_.file_sha256).ok());
  }
  EXPECT_EQ(ImportJournal::Open(path_, kBinding).status().code(),
            absl::StatusCode::kInternal);
}

TEST_F(ImportJournalTest, RefusesASecondImportAtOnce) {
  const auto first = *ImportJournal::Open(path_, kBinding);
  EXPECT_EQ(ImportJournal::Open(path_, kBinding).status().code(),
            absl::StatusCode::kAborted);
}

TEST_F(ImportJournalTest, DropsATornLastLine) {
  {
    auto journal = *ImportJournal::Open(path_, kBinding);
    ASSERT_TRUE(journal->Signed("a", row_).ok());
  }
  std::ofstream(path_, std::ios::app) << "{\"event\":\"filed\",\"cli";
  {
    auto journal = *ImportJournal::Open(path_, kBinding);
    ASSERT_TRUE(journal->Filed("b", "20240000001", row_.file_sha256).ok());
  }
  const auto journal = *ImportJournal::Open(path_, kBinding);
  EXPECT_TRUE(journal->Find("a")->request.has_value());
  EXPECT_EQ(journal->Find("b")->application_no, "20240000001");
}

// A second correction of what the journal has filed once.
TEST_F(ImportJournalTest, WhatIsSignedAfterAFilingIsNotFiled) {
  {
    auto journal = *ImportJournal::Open(path_, kBinding);
    ASSERT_TRUE(journal->Filed("a", "20240000001", row_.file_sha256).ok());
    ASSERT_TRUE(journal->Signed("a", row_).ok());
    EXPECT_EQ(journal->Find("a")->application_no, "");
  }
  const auto journal = *ImportJournal::Open(path_, kBinding);
  EXPECT_EQ(journal->Find("a")->application_no, "");
  EXPECT_TRUE(journal->Find("a")->request.has_value());
}

TEST_F(ImportJournalTest, GivesBackTheExactRequest) {
  {
    auto journal = *ImportJournal::Open(path_, kBinding);
    ASSERT_TRUE(journal->Signed("a", row_).ok());
  }
  const auto journal = *ImportJournal::Open(path_, kBinding);
  const auto found = journal->Find("a");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->file_sha256, row_.file_sha256);
  EXPECT_EQ(found->expires_at_ms, 1234);
  EXPECT_EQ(found->request->SerializeAsString(),
            row_.request->SerializeAsString());
  EXPECT_TRUE(found->application_no.empty());
}

TEST_F(ImportJournalTest, ForgetsARefusedCommand) {
  {
    auto journal = *ImportJournal::Open(path_, kBinding);
    ASSERT_TRUE(journal->Signed("a", row_).ok());
    ASSERT_TRUE(journal->Refused("a").ok());
  }
  EXPECT_FALSE((*ImportJournal::Open(path_, kBinding))->Find("a").has_value());
}

TEST_F(ImportJournalTest, IsForItsOwnerOnly) {
  ASSERT_TRUE(ImportJournal::Open(path_, kBinding).ok());
  struct stat info;
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

}  // namespace
}  // namespace dataip::client

#include "client/import_journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/local_fault.h"
#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace dataip::client {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;

std::string TextOf(const json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

absl::Status CannotWrite(const std::string& path) {
  const std::string why = std::strerror(errno);
  return LocalFault(absl::StrCat("无法写入日志 ", path,
                                 "；请检查目录权限与磁盘空间后重新执行"),
                    absl::StrCat("cannot write the journal ", path, ": ", why));
}

absl::Status Broken(const std::string& path, size_t at_byte) {
  return LocalFault(
      absl::StrCat("日志 ", path, " 在第 ", at_byte,
                   " 字节处损坏；请把它移走（改名）后重新执行，"
                   "已受理的行由登记系统的记录认出，不会重复办理"),
      absl::StrCat("the journal ", path, " is broken at byte ", at_byte,
                   "; move it away (rename it) and begin again: what was filed "
                   "is known to the registry, nothing is filed twice"));
}

absl::Status CheckHeader(const json& header, const std::string& path,
                         const ImportJournal::Binding& binding) {
  const auto format = header.find("format");
  if (format == header.end() || !format->is_number_integer()) {
    return Broken(path, 0);
  }
  if (format->get<int64_t>() > kFormat) {
    return absl::UnimplementedError(
        absl::StrCat("日志的格式版本较新，请升级客户端 the journal has a "
                     "higher format: ",
                     path));
  }
  if (TextOf(header, "origin") != binding.origin ||
      TextOf(header, "party") != binding.party_number) {
    return absl::FailedPreconditionError(
        absl::StrCat("日志属于另一登记系统或另一主体，请移走后重试 the "
                     "journal belongs to "
                     "another ledger or party; move it away: ",
                     path));
  }
  return absl::OkStatus();
}

// False when the line is not one of ours.
bool TakeLine(const json& line, std::map<std::string, JournalRow>& rows) {
  const std::string reference = TextOf(line, "client_reference");
  const std::string event = TextOf(line, "event");
  JournalRow& row = rows[reference];
  if (event == "refused") {
    rows.erase(reference);
    return true;
  }
  const auto digest = base::HexDecode(TextOf(line, "file_sha256"));
  if (!digest.has_value()) return false;
  const auto file = hash::Hash::From(*digest);
  if (!file.has_value()) return false;
  row.file_sha256 = *file;
  // What was signed after a filing is another command.
  if (event == "signed") row.application_no.clear();
  if (event == "filed") {
    row.application_no = TextOf(line, "application_no");
    return !row.application_no.empty();
  }
  const auto expires = line.find("expires_at_ms");
  if (expires == line.end() || !expires->is_number_integer()) return false;
  row.expires_at_ms = expires->get<int64_t>();
  const auto bytes = base::Base64Decode(TextOf(line, "request"));
  row.request.emplace();
  // What is only to be looked at is never written here, and was never sent: a
  // line that says so would pass for a filing.
  return event == "signed" && bytes.has_value() &&
         row.request->ParseFromArray(bytes->data(),
                                     static_cast<int>(bytes->size())) &&
         !row.request->validate_only();
}

struct Content {
  std::map<std::string, JournalRow> rows;
  size_t whole_bytes = 0;  // up to the last LF
};

absl::StatusOr<Content> Read(const std::string& path,
                             const ImportJournal::Binding& binding) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  Content content;
  for (size_t end;
       (end = text.find('\n', content.whole_bytes)) != std::string::npos;
       content.whole_bytes = end + 1) {
    const json line = json::parse(text.begin() + content.whole_bytes,
                                  text.begin() + end, nullptr, false);
    const bool first = content.whole_bytes == 0;
    if (first && line.is_object()) {
      RETURN_IF_ERROR(CheckHeader(line, path, binding));
    } else if (!line.is_object() || !TakeLine(line, content.rows)) {
      return Broken(path, content.whole_bytes);
    }
  }
  return content;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ImportJournal>> ImportJournal::Open(
    const std::string& path, const Binding& binding) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return CannotWrite(path);
  std::unique_ptr<ImportJournal> journal(new ImportJournal(fd, path));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return absl::AbortedError(absl::StrCat(
        "另一个命令正在使用此日志 another command is using ", path));
  }
  ASSIGN_OR_RETURN(Content content, Read(path, binding));
  base::MutexLock lock(journal->mutex_);
  journal->rows_ = std::move(content.rows);
  if (::ftruncate(fd, static_cast<off_t>(content.whole_bytes)) != 0 ||
      ::lseek(fd, 0, SEEK_END) < 0) {
    return CannotWrite(path);
  }
  if (content.whole_bytes == 0) {
    json header = {{"format", kFormat},
                   {"origin", binding.origin},
                   {"party", binding.party_number}};
    RETURN_IF_ERROR(journal->Append(header.dump()));
  }
  return journal;
}

ImportJournal::~ImportJournal() { ::close(fd_); }

std::optional<JournalRow> ImportJournal::Find(
    const std::string& reference) const {
  base::MutexLock lock(mutex_);
  const auto it = rows_.find(reference);
  if (it == rows_.end()) return std::nullopt;
  return it->second;
}

absl::Status ImportJournal::Append(const std::string& line) {
  const std::string text = line + "\n";
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t put = ::write(fd_, text.data() + done, text.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return CannotWrite(path_);
    done += static_cast<size_t>(put);
  }
  return ::fsync(fd_) == 0 ? absl::OkStatus() : CannotWrite(path_);
}

absl::Status ImportJournal::Signed(const std::string& reference,
                                   const JournalRow& row) {
  const std::string request = row.request->SerializeAsString();
  const json line = {{"event", "signed"},
                     {"client_reference", reference},
                     {"file_sha256", base::HexEncode(row.file_sha256.bytes)},
                     {"expires_at_ms", row.expires_at_ms},
                     {"request", base::Base64Encode(hash::AsBytes(request))}};
  base::MutexLock lock(mutex_);
  rows_[reference] = row;
  return Append(line.dump());
}

absl::Status ImportJournal::Filed(const std::string& reference,
                                  const std::string& application_no,
                                  const hash::Hash& file_sha256) {
  const json line = {{"event", "filed"},
                     {"client_reference", reference},
                     {"application_no", application_no},
                     {"file_sha256", base::HexEncode(file_sha256.bytes)}};
  base::MutexLock lock(mutex_);
  JournalRow& row = rows_[reference];
  row.application_no = application_no;
  row.file_sha256 = file_sha256;
  return Append(line.dump());
}

absl::Status ImportJournal::Refused(const std::string& reference) {
  const json line = {{"event", "refused"}, {"client_reference", reference}};
  base::MutexLock lock(mutex_);
  rows_.erase(reference);
  return Append(line.dump());
}

}  // namespace dataip::client

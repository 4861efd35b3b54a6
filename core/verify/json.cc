#include "core/verify/json.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"

namespace dataip::verify {
namespace {

class JsonReader {
 public:
  explicit JsonReader(absl::string_view text) : text_(text) {}

  absl::StatusOr<Json> ReadAll() {
    Json value;
    RETURN_IF_ERROR(ReadValue(value, 0));
    SkipSpace();
    if (at_ != text_.size()) return Wrong("more behind the value");
    return value;
  }

 private:
  absl::Status Wrong(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("JSON: ", what, " at byte ", at_));
  }

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                  text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  bool Take(char wanted) {
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  bool TakeWord(absl::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  absl::Status ReadValue(Json& value, int depth) {
    SkipSpace();
    if (depth > limits::kJsonDepth) return Wrong("nesting too deep");
    if (at_ >= text_.size()) return Wrong("ends too early");
    switch (text_[at_]) {
      case '{':
        return ReadObject(value, depth);
      case '[':
        return ReadArray(value, depth);
      case '"':
        value.kind = Json::Kind::kText;
        return ReadText(value.text);
      default:
        return ReadScalar(value);
    }
  }

  absl::Status ReadScalar(Json& value) {
    if (TakeWord("null")) return absl::OkStatus();
    value.kind = Json::Kind::kBool;
    if (TakeWord("false")) return absl::OkStatus();
    if (TakeWord("true")) {
      value.boolean = true;
      return absl::OkStatus();
    }
    return ReadNumber(value);
  }

  absl::Status ReadNumber(Json& value) {
    value.kind = Json::Kind::kNumber;
    const bool negative = TakeWord("-");
    const size_t first = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      const int64_t digit = text_[at_] - '0';
      if (value.number > (INT64_MAX - digit) / 10) {
        return Wrong("number too large");
      }
      value.number = value.number * 10 + digit;
      ++at_;
    }
    if (at_ == first) return Wrong("no value");
    if (text_[first] == '0' && at_ - first > 1) return Wrong("leading zero");
    if (at_ < text_.size() &&
        (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E')) {
      return Wrong("not a whole number");
    }
    if (negative && value.number == 0) return Wrong("negative zero");
    if (negative) value.number = -value.number;
    return absl::OkStatus();
  }

  absl::Status ReadArray(Json& value, int depth) {
    value.kind = Json::Kind::kArray;
    ++at_;
    if (Take(']')) return absl::OkStatus();
    do {
      value.elements.emplace_back();
      RETURN_IF_ERROR(ReadValue(value.elements.back(), depth + 1));
    } while (Take(','));
    return Take(']') ? absl::OkStatus() : Wrong("no ]");
  }

  absl::Status ReadObject(Json& value, int depth) {
    value.kind = Json::Kind::kObject;
    ++at_;
    if (Take('}')) return absl::OkStatus();
    do {
      SkipSpace();
      std::string name;
      RETURN_IF_ERROR(ReadText(name));
      if (value.Find(name) != nullptr) return Wrong("name given twice");
      if (!Take(':')) return Wrong("no :");
      value.names.push_back(std::move(name));
      value.elements.emplace_back();
      RETURN_IF_ERROR(ReadValue(value.elements.back(), depth + 1));
    } while (Take(','));
    return Take('}') ? absl::OkStatus() : Wrong("no }");
  }

  absl::Status ReadText(std::string& out) {
    if (at_ >= text_.size() || text_[at_] != '"') return Wrong("no text");
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      const unsigned char next = static_cast<unsigned char>(text_[at_]);
      if (next < 0x20) return Wrong("control character");
      if (next != '\\') {
        out.push_back(text_[at_++]);
        continue;
      }
      ++at_;
      RETURN_IF_ERROR(ReadEscape(out));
    }
    if (at_ >= text_.size()) return Wrong("text without end");
    ++at_;
    return base::ValidUtf8(out) ? absl::OkStatus() : Wrong("not UTF-8");
  }

  absl::Status ReadEscape(std::string& out) {
    if (at_ >= text_.size()) return Wrong("text without end");
    const char kind = text_[at_++];
    static constexpr absl::string_view kLetters = "\"\\/bfnrt";
    static constexpr absl::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (const size_t found = kLetters.find(kind);
        found != absl::string_view::npos) {
      out.push_back(kMeant[found]);
      return absl::OkStatus();
    }
    if (kind != 'u') return Wrong("unknown escape");
    ASSIGN_OR_RETURN(uint32_t point, ReadHex4());
    if (point >= 0xdc00 && point <= 0xdfff) return Wrong("lone surrogate");
    if (point >= 0xd800 && point <= 0xdbff) {
      if (!TakeWord("\\u")) return Wrong("lone surrogate");
      ASSIGN_OR_RETURN(const uint32_t low, ReadHex4());
      if (low < 0xdc00 || low > 0xdfff) return Wrong("lone surrogate");
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    AppendUtf8(point, out);
    return absl::OkStatus();
  }

  absl::StatusOr<uint32_t> ReadHex4() {
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ >= text_.size()) return Wrong("text without end");
      const char c = text_[at_];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return Wrong("no hex digit");
      value = value * 16 + static_cast<uint32_t>(digit);
    }
    return value;
  }

  static void AppendUtf8(uint32_t point, std::string& out) {
    const auto tail = [&](int shift) {
      out.push_back(static_cast<char>(0x80 | ((point >> shift) & 0x3f)));
    };
    if (point < 0x80) {
      out.push_back(static_cast<char>(point));
    } else if (point < 0x800) {
      out.push_back(static_cast<char>(0xc0 | (point >> 6)));
      tail(0);
    } else if (point < 0x10000) {
      out.push_back(static_cast<char>(0xe0 | (point >> 12)));
      tail(6);
      tail(0);
    } else {
      out.push_back(static_cast<char>(0xf0 | (point >> 18)));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace

const Json* Json::Find(absl::string_view name) const {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return &elements[i];
  }
  return nullptr;
}

absl::StatusOr<Json> ParseJson(absl::string_view text) {
  return JsonReader(text).ReadAll();
}

std::string QuoteJson(absl::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
  return out;
}

}  // namespace dataip::verify

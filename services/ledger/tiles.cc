#include "services/ledger/tiles.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

using services::HttpRequest;
using services::HttpResponse;

constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kInternalError = 500;
constexpr char kBytes[] = "application/octet-stream";
constexpr char kText[] = "text/plain; charset=utf-8";
constexpr char kImmutable[] = "public, max-age=31536000, immutable";

HttpResponse Answered(std::string body, const char* content_type,
                      const char* caching) {
  HttpResponse response;
  response.content_type = content_type;
  response.body = std::move(body);
  response.headers = {{"Cache-Control", caching}};
  return response;
}

// For pages of any site: verifiers run in browsers too.
HttpResponse Public(HttpResponse response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

HttpResponse Refused(int status, const char* text) {
  // What is not there may be there soon.
  HttpResponse response = Public(Answered(text, kText, "no-cache"));
  response.status = status;
  return response;
}

HttpResponse Failed(const HttpRequest& request, const absl::Status& status) {
  const std::string id = services::NewRequestId();
  services::Log(services::Severity::kError, "HTTP request failed",
                {{"request_id", id},
                 {"path", request.path},
                 {"error", services::LogText(status)}});
  HttpResponse response = Refused(kInternalError, "internal error\n");
  response.headers.emplace_back("X-Request-Id", id);
  return response;
}

void AppendLength(uint32_t length, size_t bytes, std::string& to) {
  for (size_t left = bytes; left > 0; --left) {
    to += static_cast<char>(length >> (8 * (left - 1)) & 0xff);
  }
}

// Of leaves or nodes that `piece` numbers; empty when it goes past `count`.
IndexRange RangeOf(const client::Piece& piece, uint64_t count) {
  if (piece.number > count / client::kTileWidth) return {};
  const uint64_t begin = piece.number * client::kTileWidth;
  if (begin + piece.width > count) return {};
  return {begin, begin + piece.width};
}

}  // namespace

HttpResponse Tiles::Answer(const HttpRequest& request) const {
  if (request.method != "GET") {
    HttpResponse response = Refused(kMethodNotAllowed, "only GET and HEAD\n");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  const auto path = ParseTilePath(request.path);
  const auto state = ledger_.states().Newest();
  if (!path.has_value() || state == nullptr) {
    return Refused(kNotFound, "not found\n");
  }
  if (path->kind == TilePath::Kind::kCheckpoint) {
    return Public(Answered(state->note, kText, "no-cache"));
  }
  const uint64_t count = state->size >> (client::kTileLevels * path->level);
  const IndexRange range = RangeOf(path->piece, count);
  if (range.begin == range.end) return Refused(kNotFound, "not found\n");
  if (path->kind == TilePath::Kind::kPayloads) {
    const bool may_read = payloads_ == Payloads::kThisMachine && request.local;
    return AnswerPayloads(request, range, may_read);
  }
  const absl::StatusOr<std::string> body =
      path->kind == TilePath::Kind::kTile
          ? ledger_.tree().Tile({path->level, path->piece.number},
                                path->piece.width)
          : Entries(range);
  if (!body.ok()) return Failed(request, body.status());
  return Public(Answered(*body, kBytes, kImmutable));
}

absl::StatusOr<std::string> Tiles::Entries(const IndexRange& range) const {
  std::string bundle;
  RETURN_IF_ERROR(ledger_.store().ForEachHeader(
      range, [&bundle](uint64_t, std::string_view header) {
        AppendLength(static_cast<uint32_t>(header.size()), sizeof(uint16_t),
                     bundle);
        bundle += header;
        return true;
      }));
  return bundle;
}

// Without reading them: the headers say how long they are.
absl::StatusOr<uint64_t> Tiles::PayloadBytes(const IndexRange& range,
                                             bool may_read) const {
  uint64_t bytes = (range.end - range.begin) * sizeof(uint32_t);
  if (!may_read) return bytes;
  absl::Status flaw;
  RETURN_IF_ERROR(ledger_.store().ForEachHeader(
      range, [&](uint64_t index, std::string_view encoded) {
        const auto header = proof::DecodeHeader(hash::AsBytes(encoded));
        const auto erased = ledger_.store().ErasedBy(index);
        if (!erased.ok()) flaw = erased.status();
        if (!header.ok()) {
          flaw = absl::DataLossError(absl::StrCat("header ", index));
        }
        if (flaw.ok() && !erased->has_value()) bytes += header->payload_size;
        return flaw.ok();
      }));
  RETURN_IF_ERROR(flaw);
  return bytes;
}

// From `next` on, which it advances, until it is large enough.
absl::StatusOr<std::string> Tiles::PayloadPiece(const IndexRange& range,
                                                bool may_read,
                                                uint64_t& next) const {
  std::string piece;
  const IndexRange left{next, range.end};
  if (may_read) {
    RETURN_IF_ERROR(
        ledger_.store().ForEachEntry(left, [&](const EntryView& entry) {
          const auto length = entry.erased_by.has_value()
                                  ? client::kErasedLength
                                  : static_cast<uint32_t>(entry.payload.size());
          AppendLength(length, sizeof(uint32_t), piece);
          piece += entry.payload;
          next = entry.index + 1;
          return piece.size() < limits::kHttpPieceBytes;
        }));
    return piece;
  }
  // That one was erased is public: the order is an entry.
  for (; next < range.end; ++next) {
    ASSIGN_OR_RETURN(const auto erased, ledger_.store().ErasedBy(next));
    AppendLength(erased.has_value() ? client::kErasedLength
                                    : client::kNotForThisReaderLength,
                 sizeof(uint32_t), piece);
  }
  return piece;
}

HttpResponse Tiles::AnswerPayloads(const HttpRequest& request,
                                   const IndexRange& range,
                                   bool may_read) const {
  const auto bytes = PayloadBytes(range, may_read);
  if (!bytes.ok()) return Failed(request, bytes.status());
  // Not public: this machine's browser may have rights that the pages of other
  // sites lack.
  HttpResponse response = Answered("", kBytes, "no-store");
  response.streamed_bytes = *bytes;
  response.next_piece = [this, range, may_read, next = range.begin]() mutable {
    return PayloadPiece(range, may_read, next);
  };
  return response;
}

}  // namespace dataip::ledger

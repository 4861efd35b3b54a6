#include "tests/support/shim_kind.h"

namespace dataip::shim {
namespace {

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

Kind KindOf(const std::string& name, bool folder) {
  if (folder) return Kind::kFolder;
  if (EndsWith(name, ".log")) return Kind::kWal;
  if (EndsWith(name, ".sst")) return Kind::kTable;
  if (EndsWith(name, ".dbtmp")) return Kind::kTemporary;
  if (name.rfind("MANIFEST", 0) == 0) return Kind::kManifest;
  if (name.rfind("OPTIONS", 0) == 0) return Kind::kOptions;
  if (name.rfind("published", 0) == 0) return Kind::kPublished;
  if (name.rfind("LOG", 0) == 0) return Kind::kText;
  return Kind::kOther;
}

}  // namespace dataip::shim

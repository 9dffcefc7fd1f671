import { writeWord } from '../../model/text/plain-word.ts';
import { SCHEMA_FOLDER } from '../../model/text/schema-path.ts';

/** Returns the text of a first regsync.yaml. */
export function configText(scope: string): string {
  return `# yaml-language-server: $schema=${SCHEMA_FOLDER}/config.schema.json
apiVersion: regsync/v1
kind: Config

# This repository owns the groups at Telnyx whose reference begins with regsync/${scope}/. Another repository needs
# another scope. To change it later, write the old one below it as \`former_scope:\`. Then apply keeps those groups.
scope: ${writeWord(scope)}

# The folders that hold manifests.
manifests: [groups]

# The most that one run may delete. regsync refuses a plan that would delete more. These are the defaults.
# limits: { max_deletes: 10, max_delete_fraction: 0.3 }

# The number of days ahead that plan and status warn you of an expiry. This is the default.
# expiry: { warn_days: 30 }
`;
}

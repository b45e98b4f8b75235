-- The work list with its documents' columns and the names of the rules, as CSV: what jihe worklist writes.
copy (
    select d.doc_id, concat_ws(';',
            if(mask & 1 <> 0, 'r01-team-ratio', null), if(mask & 2 <> 0, 'r02-large', null),
            if(mask & 4 <> 0, 'r03-thousand', null), if(mask & 8 <> 0, 'r04-types', null),
            if(mask & 16 <> 0, 'r05-accounts', null), if(mask & 32 <> 0, 'r06-persons', null),
            if(mask & 64 <> 0, 'r07-volume-jump', null), if(mask & 128 <> 0, 'r08-below-limit', null),
            if(mask & 256 <> 0, 'r09-urgent-refund', null), if(mask & 512 <> 0, 'r10-org-minimum', null),
            if(mask & 1024 <> 0, 'r11-night-work', null), if(mask & 2048 <> 0, 'r12-self-review', null)) as rules,
        d.* exclude (doc_id)
    from worklist join docs d using (doc_id)
) to '${WORKLIST}' (format csv, header);

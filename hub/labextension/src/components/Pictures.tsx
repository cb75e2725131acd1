import * as React from 'react';

import type { IPictures } from '../api';
import type { Say } from '../texts';

const SHOWN = 24;

/** The pictures that a run and its scoring have left: curves, heat maps. */
export function Pictures({ pictures, say }: { pictures: IPictures; say: Say }): JSX.Element | null {
  const [all, setAll] = React.useState(false);
  const images = pictures.artifacts.filter(one => /\.(png|jpe?g)$/i.test(one.filename));
  if (images.length === 0) {
    return null;
  }
  return (
    <section className="lb-Pictures" aria-label={say('Pictures')}>
      {images.slice(0, all ? images.length : SHOWN).map(image => (
        <figure key={image.filename}>
          <a href={image.url} target="_blank" rel="noopener noreferrer">
            <img src={image.url} alt={image.filename} loading="lazy" />
          </a>
          <figcaption>{image.filename.split('/').pop()}</figcaption>
        </figure>
      ))}
      {!all && images.length > SHOWN && (
        <button className="jp-mod-styled jp-mod-minimal" onClick={() => setAll(true)}>
          {say('Show all {count}', { count: images.length })}
        </button>
      )}
    </section>
  );
}
